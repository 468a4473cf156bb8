"""Health and readiness: whether the process lives, and whether each thing it depends on answers."""

from collections.abc import Callable, Mapping
from time import perf_counter

from fastapi import APIRouter, Response

Probe = Callable[[], None]


def health_router(probes: Mapping[str, Probe]) -> APIRouter:
    """Return `/health` (alive) and `/ready` (200 when every probe passes, else 503 with each one's state)."""
    router = APIRouter(tags=["health"])

    @router.get("/health")
    async def health() -> dict[str, str]:
        """Say that the process is alive: from the event loop, so that no thread has to be free."""
        return {"status": "ok"}

    @router.get("/ready")
    def ready(response: Response) -> dict[str, object]:
        """Ask each dependency."""
        parts = {name: _asked(probe) for name, probe in probes.items()}
        well = all(part["status"] == "ok" for part in parts.values())
        response.status_code = 200 if well else 503
        return {"status": "ok" if well else "unavailable", "parts": parts}

    return router


def _asked(probe: Probe) -> dict[str, object]:
    started = perf_counter()
    try:
        probe()
    except Exception as error:  # noqa: BLE001 - whatever it is, the part is not ready
        return {"status": "unavailable", "error": type(error).__name__}
    return {"status": "ok", "seconds": round(perf_counter() - started, 4)}
