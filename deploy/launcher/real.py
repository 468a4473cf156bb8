"""Running for real: settings from `.env` and the environment, and nothing of the demo's."""

from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

from deploy.launcher.keys import shared_with_demo
from deploy.launcher.part import LauncherError, Part
from deploy.launcher.place import check_ports
from deploy.launcher.plan import Plan, addresses, command, knowledge, private_redis, product, read_ports

_NEEDED = ("BOT_TOKEN", "ENCRYPTION_KEY", "BLIND_INDEX_KEY")


def real_environment(root: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return `.env` with the environment over it. Raises LauncherError when the demo is, or would be, mixed in."""
    known = {name: value for name, value in dotenv_values(root / ".env").items() if value}
    own = {**known, **environment}
    missing = [name for name in _NEEDED if not own.get(name) and not own.get(f"{name}_FILE")]
    if missing:
        raise LauncherError(
            f"Missing: {', '.join(missing)}. Copy .env.example to .env and fill it in, or try `make demo`, "
            "which needs no settings."
        )
    if own.get("DEMO"):
        raise LauncherError("DEMO is set: it lets placeholders through. Take it out of .env and the environment.")
    if shared := shared_with_demo(own, root / "data" / "demo.env"):
        raise LauncherError(f"{', '.join(shared)}: made for the demo, not for real use. Make your own.")
    return own


def real_plan(root: Path, data: Path, environment: Mapping[str, str]) -> Plan:
    """Return the parts for real: no sandbox, and a private Redis only where no other one is named."""
    own = real_environment(root, environment)
    http, metrics = read_ports(own)
    check_ports([http, metrics])
    own |= {
        "PROMETHEUS_MULTIPROC_DIR": own.get("PROMETHEUS_MULTIPROC_DIR") or str(data / "metrics"),
        "HTTP_PORT": str(http.number),
        "METRICS_PORT": str(metrics.number),
    }
    servers: tuple[Part, ...] = ()
    if not any(own.get(name) for name in ("REDIS_URL", "REDIS_URL_FILE", "REDIS_HOST")):
        redis, url = private_redis(data / "redis-real", own)
        own["REDIS_URL"] = url
        servers = (redis,)
    check = command("check", own, "check-real")
    prepare = command("prepare", own, "prepare", *knowledge(root, own), needs=("check",))
    needs = ("prepare", *(part.name for part in servers))
    return Plan((*servers, check, prepare, *product(own, needs)), addresses(http, metrics))
