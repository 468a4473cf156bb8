"""What the supervisor is told of one part of the product."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

Probe = Callable[[int], Awaitable[bool]]  # given the part's process id, tells whether it is ready


class LauncherError(Exception):
    """The product cannot start or go on; the message is for the person at the terminal."""


@dataclass(frozen=True)
class Part:
    """One process to keep alive, or with `once` a command to run to its end before those that need it.

    It is ready when its probe holds, or without one when it has written a line that contains `ready_line`
    (a regular expression).
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    needs: tuple[str, ...] = ()
    ready: Probe | None = None
    ready_line: str = ""
    once: bool = False
