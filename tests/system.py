"""The whole product as processes on loopback, as the tests see it: `benchmarks.installation` has it."""

from benchmarks.installation import (
    ADMIN,
    COMMANDS,
    MODERATOR,
    ROOT,
    SECOND_MODERATOR,
    System,
    environment_of,
    prepared_system,
    running_system,
    wait_until,
)
from deploy.servers.process import free_port

__all__ = [
    "ADMIN",
    "COMMANDS",
    "MODERATOR",
    "ROOT",
    "SECOND_MODERATOR",
    "System",
    "environment_of",
    "free_port",
    "prepared_system",
    "running_system",
    "wait_until",
]
