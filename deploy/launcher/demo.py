"""The demo: everything on this machine, the sandbox in place of Telegram, keys and people of its own."""

import sys
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

from deploy.launcher import ready
from deploy.launcher.keys import demo_keys
from deploy.launcher.part import Part
from deploy.launcher.place import Port, check_ports
from deploy.launcher.plan import Plan, addresses, command, knowledge, private_redis, product, read_ports
from deploy.servers.process import free_port

CUSTOMER, MODERATOR, ADMINISTRATOR, SUPERVISOR = 9001, 9002, 9003, 9005

# What a developer's shell may hold for real and the demo must not take up; an empty value counts as absent.
_SECRETS = (
    *("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "LOCAL_MODEL_URL", "TELEGRAM_BOT_TOKEN", "WEBHOOK_URL"),
    *("MIGRATION_DATABASE_URL", "AUDIT_KEY"),
)
_NOT_FOR_THE_DEMO = (
    *_SECRETS,
    *(f"{name}_FILE" for name in _SECRETS),
    *("OPENAI_BASE_URL", "MODEL_ORDER", "EMBEDDING_MODEL", "INGEST", "STORAGE_DIR", "INDEX_DIR", "CLAMAV_ADDRESS"),
    *("S3_BUCKET", "ARCHIVE_S3_BUCKET", "ARCHIVE_STORAGE_CLASS", "ARCHIVE_LOCK_MODE", "ARCHIVE_LOCK_DAYS"),
)


def demo_environment(root: Path, data: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return what every part of the demo finds in its environment, but for the addresses of other parts.

    `.env` is for `make run`: all that it sets is emptied here.
    """
    http, metrics = read_ports(environment)
    return {
        **dict.fromkeys(dotenv_values(root / ".env"), ""),
        **environment,
        **dict.fromkeys(_NOT_FOR_THE_DEMO, ""),
        **demo_keys(data / "demo.env"),
        "DEMO": "1",
        "BROADCAST_APPROVAL_ABOVE": "0",
        "BROADCAST_HOURS": "mon-sun 0:00-24:00",
        "DATABASE_URL": f"sqlite:///{data / 'demo.db'}",
        "TELEGRAM_API_URL": f"http://127.0.0.1:{_sandbox_port(environment).number}",
        "PROMETHEUS_MULTIPROC_DIR": str(data / "metrics"),
        "CONTEXT_FILE": environment.get("CONTEXT_FILE") or str(root / "context.txt"),
        "ANSWER_LINK_HOSTS": environment.get("ANSWER_LINK_HOSTS") or "northquay.example",  # the made-up bank's own
        "LOG_DIR": environment.get("LOG_DIR") or str(root / "logs"),
        "HTTP_PORT": str(http.number),
        "METRICS_PORT": str(metrics.number),
    }


def demo_plan(root: Path, data: Path, environment: Mapping[str, str]) -> Plan:
    """Return the demo's parts; with `DEMO_MODEL=1` answers come from the sandbox's model instead of extracts."""
    page = _sandbox_port(environment)
    http, metrics = read_ports(environment)
    check_ports([page, http, metrics])
    own = demo_environment(root, data, environment)
    model_port = free_port()
    if environment.get("DEMO_MODEL") == "1":
        own |= {"OPENAI_API_KEY": "demo", "OPENAI_BASE_URL": f"http://127.0.0.1:{model_port}/v1"}
    redis, redis_url = private_redis(data / "redis", own)
    own |= {"REDIS_URL": redis_url, "CELERY_BROKER_URL": redis_url}
    staff = ("--admin", str(ADMINISTRATOR), "--moderator", str(MODERATOR), "--supervisor", str(SUPERVISOR))
    prepare = command("prepare", own, "prepare", *staff, *knowledge(root, own))
    parts = (redis, prepare, _sandbox(own, page, data, model_port), *product(own, ("redis", "prepare", "sandbox")))
    told = {"page": f"http://127.0.0.1:{page.number}", **addresses(http, metrics)}
    people = f"customer {CUSTOMER}, moderator {MODERATOR}, administrator {ADMINISTRATOR}"
    editors = f"{ADMINISTRATOR} and supervisor {SUPERVISOR}"
    chats = f"http://127.0.0.1:{page.number}/?people={ADMINISTRATOR},{SUPERVISOR}"
    manage = ".venv/bin/python -m deploy.launcher manage archive"
    archive = f"After /end: {manage} run --after 0, then … archive restore --customer {CUSTOMER} --readable"
    note = f"On the page you are {people}. {editors} may sign in to the console; their codes come to {chats}"
    return Plan(parts, told, f"{note}\n  {archive}")


def _sandbox_port(environment: Mapping[str, str]) -> Port:
    return Port.read(environment, "SANDBOX_PORT", 8081, "the sandbox and its page")


def _sandbox(environment: Mapping[str, str], port: Port, data: Path, model_port: int) -> Part:
    options = {"port": str(port.number), "data": str(data / "sandbox"), "model-port": str(model_port)}
    return Part(
        "sandbox",
        (sys.executable, "-m", "sandbox", *(word for name, value in options.items() for word in (f"--{name}", value))),
        {**environment, "SANDBOX_BOT_TOKEN": environment["BOT_TOKEN"]},
        ready=ready.http(port.number, "/control/faults"),
    )
