"""`docker-compose.yml`: it starts what the README names, hardened, with everything that it needs.

Read as a file, since no container engine is at hand where tests run.
"""

import re
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # its types would be one more package, for this import alone
from pydantic import SecretStr

from config import ROOT
from tests.house.test_settings_documented import fields, variables

TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]

PARTS = {
    "bot": "python bot.py",
    "api": "python api.py",
    "worker": "celery -A services.queue_service worker --loglevel=info",
    "scheduler": "celery -A services.queue_service beat",
}
OURS = [*PARTS, "migrate", "machine"]
PUBLISHED = {
    "bot": ["127.0.0.1:8443:8443"],
    "api": ["127.0.0.1:8000:8000", "127.0.0.1:9090:9090"],
    "jaeger": ["127.0.0.1:16686:16686"],
    "prometheus": ["127.0.0.1:9091:9090"],
}


def test_the_product_and_its_surroundings_are_there() -> None:
    assert set(SERVICES) == {*OURS, "postgres", "redis", "jaeger", "prometheus"}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_started_as_documented(part: str) -> None:
    assert " ".join(SERVICES[part]["command"]).startswith(PARTS[part])
    assert PARTS[part] in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("part", PARTS)
def test_a_part_waits_for_what_it_needs(part: str) -> None:
    assert {name: need["condition"] for name, need in SERVICES[part]["depends_on"].items()} == {
        "migrate": "service_completed_successfully",
        "postgres": "service_healthy",
        "redis": "service_healthy",
        "machine": "service_healthy",
    }


def test_what_is_waited_for_in_health_has_a_check() -> None:
    needs = [need for service in SERVICES.values() for need in service.get("depends_on", {}).items()]
    healthy = {name for name, need in needs if need["condition"] == "service_healthy"}
    assert healthy == {"postgres", "redis", "machine"}
    assert all("healthcheck" in SERVICES[name] for name in [*healthy, "api"])


FOR_ALL = {"ENCRYPTION_KEY", "BLIND_INDEX_KEY", "BOT_TOKEN", "WEBHOOK_SECRET"}
OF_THE_BUCKET = {"S3_ACCESS_KEY", "S3_SECRET_KEY"}
OF_WORKERS = {
    *(f"{name}_API_KEY" for name in ("OPENAI", "ANTHROPIC", "GOOGLE", "LOCAL_MODEL")),
    "AUDIT_KEY",
    "OPERATOR_PINS",
}
READS = {"bot": set(), "scheduler": set(), "migrate": set(), "api": OF_THE_BUCKET, "worker": OF_THE_BUCKET | OF_WORKERS}


@pytest.mark.parametrize("name", [*PARTS, "migrate"])
def test_a_service_is_given_the_secrets_that_it_reads_and_no_others(name: str) -> None:
    """`env_file` hands over all of them, so each service has those blanked that are not its own."""
    given = SERVICES[name]["environment"]
    assert {key for key in OF_THE_BUCKET | OF_WORKERS if given[key] != ""} == READS[name]
    assert {given[key] for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")} == {""}
    assert all(given[key].startswith(f"${{{key}:-") for key in READS[name])


def test_every_secret_among_the_settings_is_somebodys() -> None:
    addresses = {"DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"}  # made of passwords here
    secret = {names[0] for field, names in fields() if field.annotation is SecretStr}
    assert secret == FOR_ALL | OF_THE_BUCKET | OF_WORKERS | addresses


def test_the_migration_runs_once_and_in_order() -> None:
    assert SERVICES["migrate"]["restart"] == "no"
    steps = SERVICES["migrate"]["command"][-1].split(" && ")
    assert [step.removeprefix("python ") for step in steps] == [
        "alembic upgrade head",
        "manage.py check-real",
        "manage.py knowledge load /app/context.txt",
    ]


def test_only_the_loopback_is_published() -> None:
    assert {name: service["ports"] for name, service in SERVICES.items() if "ports" in service} == PUBLISHED


def test_the_stores_have_no_way_out() -> None:
    assert COMPOSE["networks"]["stores"]["internal"] is True
    assert SERVICES["postgres"]["networks"] == SERVICES["redis"]["networks"] == ["stores"]


@pytest.mark.parametrize("name", OURS)
def test_our_containers_may_do_little(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", OURS)
def test_our_containers_are_built_from_a_stage_that_is_there(name: str) -> None:
    stages = re.findall(r" AS (\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert SERVICES[name]["build"]["target"] in stages
    assert SERVICES[name]["image"] == f"bank-bot-{SERVICES[name]['build']['target']}"


@pytest.mark.parametrize("name", [*PARTS, "migrate"])
def test_processes_of_one_machine_share_metrics_and_process_ids(name: str) -> None:
    assert SERVICES[name]["pid"] == "service:machine"
    assert SERVICES[name]["environment"]["PROMETHEUS_MULTIPROC_DIR"] == "/metrics"
    assert "metrics:/metrics" in SERVICES[name]["volumes"]
    assert "metrics:/metrics" in SERVICES["machine"]["volumes"]


@pytest.mark.parametrize("name", ["api", "worker", "scheduler", "migrate"])
def test_what_keeps_or_reads_large_objects_has_the_volume_that_they_lie_in(name: str) -> None:
    service = SERVICES[name]
    assert f"objects:{service['environment']['STORAGE_DIR']}" in service["volumes"]


def test_only_workers_are_given_the_key_that_signs_the_audit_log() -> None:
    given = {name: SERVICES[name]["environment"]["AUDIT_KEY"] for name in [*PARTS, "migrate"]}
    assert given == dict.fromkeys(given, "") | {"worker": "${AUDIT_KEY:-}"}


def test_prometheus_asks_the_api_where_it_serves() -> None:
    [scraped] = yaml.safe_load((ROOT / "deploy" / "prometheus.yml").read_text())["scrape_configs"]
    [target] = scraped["static_configs"][0]["targets"]
    assert target == f"api:{SERVICES['api']['environment']['METRICS_PORT']}"
    assert SERVICES["api"]["environment"]["METRICS_HOST"] == "0.0.0.0"  # noqa: S104 - within the containers' network


def test_what_is_mounted_is_there() -> None:
    mounted = [volume for service in SERVICES.values() for volume in service.get("volumes", []) if volume[0] == "."]
    assert len(mounted) >= 4
    assert [volume for volume in mounted if not (ROOT / volume.split(":")[0]).exists()] == []


def test_its_settings_are_settings_of_the_product() -> None:
    assert {name for part in PARTS for name in SERVICES[part]["environment"]} <= variables()
    assert set(re.findall(r"\$\{(\w+)", TEXT)) <= variables()


def test_passwords_come_from_the_settings_and_are_insisted_on() -> None:
    assert set(re.findall(r"\$\{\w*PASSWORD[^}]*\}", TEXT)) == {
        "${POSTGRES_PASSWORD:?set it in .env}",
        "${POSTGRES_OWNER_PASSWORD:?set it in .env}",
        "${REDIS_PASSWORD:?set it in .env}",
    }
    assert SERVICES["postgres"]["environment"]["POSTGRES_PASSWORD"].startswith("${")
    assert SERVICES["redis"]["command"][-2:] == ["--requirepass", SERVICES["redis"]["environment"]["REDISCLI_AUTH"]]
    assert SERVICES["redis"]["command"][1:3] == ["--appendonly", "yes"]


def test_other_images_are_pinned() -> None:
    others = [service["image"] for service in SERVICES.values() if "build" not in service]
    assert all(re.fullmatch(r"[\w./-]+:v?\d[\w.-]*", name) for name in others)


def test_only_the_migration_knows_the_account_that_owns_the_tables() -> None:
    owner = SERVICES["postgres"]["environment"]
    address = SERVICES["migrate"]["environment"]["MIGRATION_DATABASE_URL"]
    assert address.startswith(f"postgresql://{owner['POSTGRES_USER']}:{owner['POSTGRES_PASSWORD']}@")
    for part in PARTS:
        own = SERVICES[part]["environment"]
        assert (own["MIGRATION_DATABASE_URL"], own["POSTGRES_OWNER_PASSWORD"]) == ("", "")
        assert owner["POSTGRES_USER"] not in own["DATABASE_URL"]
