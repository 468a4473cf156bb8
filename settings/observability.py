"""Logs, metrics and traces."""

from pathlib import Path
from typing import Annotated

from settings.group import ROOT, Group, env
from utils.settings import Choices


class ObservabilitySettings(Group):
    """Logs, metrics and traces."""

    log_level: Annotated[str, Choices("DEBUG", "INFO", "WARNING", "ERROR")] = env("LOG_LEVEL", "LEVEL", default="INFO")
    log_folder: Path = env("LOG_DIR", default=ROOT / "logs")
    metrics_folder: Path = env("PROMETHEUS_MULTIPROC_DIR", default=ROOT / "data" / "metrics")
    metrics_in_process: bool = env("METRICS_IN_PROCESS", default=False)
    metrics_host: str = env("METRICS_HOST", default="127.0.0.1")
    metrics_port: int = env("METRICS_PORT", default=9090, ge=1, le=65535)
    traces_exporter: str = env("OTEL_TRACES_EXPORTER", default="none")
    traces_endpoint: str = env("OTEL_EXPORTER_OTLP_ENDPOINT", default="http://127.0.0.1:4318")
    traces_ratio: float = env("OTEL_TRACES_SAMPLER_ARG", default=1.0, ge=0, le=1)
