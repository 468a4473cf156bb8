"""Kubernetes manifests as they stand in the project, by kind and by name."""

from typing import Any

import yaml  # type: ignore[import-untyped]  # its types would be one more package, for these tests alone

from config import ROOT

FOLDER = ROOT / "deploy" / "kubernetes"
FILES = [path for path in sorted(FOLDER.rglob("*.yaml")) if path.name != "kustomization.yaml"]
DOCUMENTS: list[dict[str, Any]] = [document for path in FILES for document in yaml.safe_load_all(path.read_text())]


def of_kind(kind: str) -> dict[str, dict[str, Any]]:
    """Return all resources of a kind, by name."""
    return {document["metadata"]["name"]: document for document in DOCUMENTS if document["kind"] == kind}


PODS = {
    name: found["spec"]["template"]["spec"] for kind in ("Deployment", "Job") for name, found in of_kind(kind).items()
}


def container(name: str) -> dict[str, Any]:
    """Return the one container of a pod."""
    [only] = PODS[name]["containers"]
    assert isinstance(only, dict)
    return only


def queues(name: str) -> list[str]:
    """Return the queues of a worker's command; none for what is no worker."""
    command = container(name)["command"]
    return command[command.index("-Q") + 1].split(",") if "-Q" in command else []


def as_autoscaler(scaled: dict[str, Any]) -> dict[str, Any]:
    """Return the autoscaler that KEDA makes of its own kind of resource, for which Kubernetes has a schema."""
    spec = scaled["spec"]
    metrics = [
        {
            "type": "External",
            "external": {
                "metric": {"name": f"s{number}-prometheus"},
                "target": {"type": trigger["metricType"], "value": trigger["metadata"]["threshold"]},
            },
        }
        for number, trigger in enumerate(spec["triggers"])
    ]
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": scaled["metadata"],
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", **spec["scaleTargetRef"]},
            "minReplicas": spec["minReplicaCount"],
            "maxReplicas": spec["maxReplicaCount"],
            "metrics": metrics,
            **spec["advanced"]["horizontalPodAutoscalerConfig"],
        },
    }
