"""Waiting for conditions with a deadline, and telling whether a process has ended."""

import asyncio
import time
from collections.abc import Callable

import psutil

_DEADLINE_SECONDS = 60


def has_ended(pid: int) -> bool:
    """Tell whether it is gone; a zombie is: who adopts orphans in a container may never collect them."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_until(holds: Callable[[], bool]) -> None:
    """Return once `holds` is true; fail after the deadline."""
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(0.02)


async def until(holds: Callable[[], bool]) -> None:
    """Do the same without holding up the event loop."""
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        await asyncio.sleep(0.02)
