"""Kubernetes manifests: valid by its own schemas, hardened, and in step with the product.

Read as files, since no cluster is at hand where tests run.
"""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml  # type: ignore[import-untyped]  # its types would be one more package, for these tests alone

from config import ROOT, load_settings
from services.queue_service import QUEUES
from tests.deploy.manifests import DOCUMENTS, FILES, FOLDER, PODS, as_autoscaler, container, of_kind, queues
from tests.deploy.promql import complaints, promtool
from tests.house.test_settings_documented import FILLED, variables

VERSION = "1.33"  # of Kubernetes; the manifests ask for nothing newer
LAYERS = sorted(path.parent for path in FOLDER.glob("*/kustomization.yaml"))
SCALED = of_kind("ScaledObject")
SETTINGS: dict[str, str] = of_kind("ConfigMap")["bank-bot-settings"]["data"]
WORKERS = {name for name in PODS if queues(name)}
SECRET: dict[str, str] = of_kind("Secret")["bank-bot"]["stringData"]

every_pod = pytest.mark.parametrize("name", PODS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda found: f"{found['kind']}-{found['metadata']['name']}")
def test_a_resource_is_valid(document: dict[str, Any]) -> None:
    schemas = pytest.importorskip("kubernetes_validate", reason="kubernetes-validate is not installed")
    if document["kind"] == "ScaledObject":
        document = as_autoscaler(document)
    schemas.validate(document, VERSION, strict=True)


@pytest.mark.parametrize("layer", LAYERS, ids=lambda path: path.name)
def test_a_layer_holds_all_its_files_and_names_its_images(layer: Path) -> None:
    layered = yaml.safe_load((layer / "kustomization.yaml").read_text())
    assert sorted(layered["resources"]) == [path.name for path in FILES if path.parent == layer]
    images = set(
        re.findall(r"^ +image: (\S+)$", "".join(path.read_text() for path in layer.glob("*.yaml")), re.MULTILINE)
    )
    assert {image["name"] for image in layered.get("images", [])} == images
    stages = set(re.findall(r" AS (\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    assert {image.removeprefix("bank-bot-") for image in images} <= stages


@every_pod
def test_a_pod_may_do_little(name: str) -> None:
    pod = PODS[name]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert pod["enableServiceLinks"] is False
    assert container(name)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


@every_pod
def test_a_pod_has_its_limits(name: str) -> None:
    resources = container(name)["resources"]
    assert resources["requests"].keys() == resources["limits"].keys() == {"cpu", "memory"}
    assert all("sizeLimit" in volume["emptyDir"] for volume in PODS[name]["volumes"] if "emptyDir" in volume)


@pytest.mark.parametrize("name", of_kind("Deployment"))
def test_what_runs_on_is_watched_at_ports_that_it_has(name: str) -> None:
    running = container(name)
    ports = {port["name"] for port in running.get("ports", [])}
    probes = [probe for key, probe in running.items() if key.endswith("Probe")]
    assert "livenessProbe" in running
    assert {probe[kind]["port"] for probe in probes for kind in ("httpGet", "tcpSocket") if kind in probe} <= ports
    assert ("metrics" in ports) == (name != "bank-bot-scheduler")


@pytest.mark.parametrize("name", of_kind("Deployment"))
def test_what_selects_a_pod_finds_it(name: str) -> None:
    deployment = of_kind("Deployment")[name]
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert deployment["spec"]["selector"]["matchLabels"] == labels
    if name in of_kind("Service"):
        service = of_kind("Service")[name]["spec"]
        assert service["selector"] == labels
        assert {port["targetPort"] for port in service["ports"]} <= {port["name"] for port in container(name)["ports"]}
    if deployment["spec"].get("replicas") != 1:
        assert of_kind("PodDisruptionBudget")[name]["spec"]["selector"]["matchLabels"] == labels


def test_every_queue_has_its_workers() -> None:
    assert sorted(queue for name in PODS for queue in queues(name)) == sorted(QUEUES)


def test_what_is_autoscaled_is_there_and_has_no_number_of_its_own() -> None:
    targets = [
        found["spec"]["scaleTargetRef"]["name"]
        for found in (*SCALED.values(), *of_kind("HorizontalPodAutoscaler").values())
    ]
    assert sorted(targets) == ["bank-bot-front", "bank-bot-worker-answers", "bank-bot-worker-inbox"]
    assert [name for name in targets if "replicas" in of_kind("Deployment")[name]["spec"]] == []


def test_autoscaling_asks_for_what_is_exported() -> None:
    asked = [trigger["metadata"]["query"] for found in SCALED.values() for trigger in found["spec"]["triggers"]]
    assert asked
    assert [wrong for query in asked for wrong in complaints(query)] == []


def test_the_settings_are_settings() -> None:
    named = {*SETTINGS, *(variable["name"] for name in PODS for variable in container(name).get("env", []))}
    assert {name.removesuffix("_FILE") for name in named} - variables() == set()


def test_the_settings_let_a_process_start(tmp_path: Path) -> None:
    secrets = {**SECRET, "webhook-secret": "w" * 32}
    secrets |= {name.lower().replace("_", "-"): value for name, value in FILLED.items()}
    for key, value in secrets.items():
        (tmp_path / key).write_text(value)
    given = {name: value.replace("/secrets", str(tmp_path)) for name, value in SETTINGS.items()}
    settings = load_settings(given)
    assert settings.telegram.ingest == "webhook"
    assert settings.database.url.get_secret_value().startswith("postgresql+psycopg://")


@every_pod
def test_a_pod_is_given_the_secrets_that_it_reads_and_no_others(name: str) -> None:
    read = [*SETTINGS.values(), *(variable.get("value", "") for variable in container(name).get("env", []))]
    [mounted] = [volume["secret"] for volume in PODS[name]["volumes"] if "secret" in volume]
    items = [item["path"] for item in mounted["items"]]
    assert sorted(items) == sorted(value.removeprefix("/secrets/") for value in read if value.startswith("/secrets/"))
    assert {item["key"] for item in mounted["items"]} <= SECRET.keys()
    assert ("openai-api-key" in items) == ("answers" in queues(name))


def test_what_has_to_outlive_a_pod_lies_in_a_bucket() -> None:
    assert SETTINGS["S3_BUCKET"]
    assert "STORAGE_DIR" not in SETTINGS
    assert given("S3_SECRET_KEY_FILE") == {"bank-bot-api", *WORKERS}


def test_only_workers_are_given_the_key_that_signs_the_audit_log() -> None:
    assert given("AUDIT_KEY_FILE") == WORKERS


def test_who_needs_telegram_or_the_bucket_may_leave_the_private_network() -> None:
    [allowed] = of_kind("NetworkPolicy")["bank-bot-internet"]["spec"]["podSelector"]["matchExpressions"]
    assert {f"bank-bot-{name}" for name in allowed["values"]} == {"bank-bot-front", "bank-bot-api", *WORKERS}


def given(variable: str) -> set[str]:
    """Return the pods that are given a variable."""
    return {name for name in PODS if variable in {each["name"] for each in container(name).get("env", [])}}


def test_the_migration_does_what_it_does_elsewhere() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    assert container("bank-bot-migrate")["command"] == compose["services"]["migrate"]["command"]


def test_telegram_calls_where_the_front_listens() -> None:
    address = urlsplit(SETTINGS["WEBHOOK_URL"])
    [rule] = of_kind("Ingress")["bank-bot"]["spec"]["rules"]
    [path] = rule["http"]["paths"]
    assert (rule["host"], path["path"], path["pathType"]) == (address.hostname, address.path, "Exact")
    assert path["backend"]["service"]["name"] in of_kind("Service")


def test_prometheus_in_the_cluster_finds_what_the_alerts_are_about(tmp_path: Path) -> None:
    configuration = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
    [scraped] = configuration["scrape_configs"]
    assert scraped["job_name"] == "bank-bot"
    # Debian builds Prometheus without Kubernetes' discovery; the rest of the file it can check.
    del scraped["kubernetes_sd_configs"]
    scraped["static_configs"] = [{"targets": ["127.0.0.1:9090"]}]
    file = tmp_path / "prometheus.yml"
    file.write_text(yaml.safe_dump(configuration))
    promtool("check", "config", file)
