"""The chain of guards: their order, in one place, and its rule that an error inside a guard refuses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from logging import getLogger
from time import perf_counter
from typing import Protocol

from services.access import Permission
from services.jobs import Refusal, Refused, Sender
from utils.tracing import fail, spans

_log = getLogger(__name__)


@dataclass
class Incoming:
    """An update on its way through the guards.

    `refused` is why it may not go on (told to the person, unless `silent`); `unchecked` leaves the rate limits to
    the worker.
    """

    sender: Sender
    permission: Permission
    limit: str
    traceparent: str | None = None
    refused: Refused | None = None
    silent: bool = False
    unchecked: bool = False

    @property
    def privileged(self) -> bool:
        """Whether this is more than any customer may do."""
        return self.permission is not Permission.TALK

    def refuse(self, reason: Refusal, seconds: int = 0, *, silent: bool = False) -> None:
        """Refuse; the first reason stays."""
        if self.refused is None:
            what = self.permission.value if reason is Refusal.NOT_ALLOWED else ""
            self.refused = Refused(reason=reason, seconds=seconds, what=what)
            self.silent = silent


class Guard(Protocol):
    """One concern; it looks at a whole batch, so that it can ask its questions in one round trip."""

    def __call__(self, batch: Sequence[Incoming]) -> None:
        """Look at a batch, refuse what may not go on."""


class Chain:
    """Guards in their order: barred → rate limit → RBAC → locale (architecture.md, "The way of one question").

    `on_verdict` is told what became of each update: "allowed", or the reason of its refusal; `on_checked` how many
    seconds a batch took.
    """

    def __init__(
        self,
        guards: Sequence[Guard],
        on_verdict: Callable[[str], None] = lambda _verdict: None,
        on_checked: Callable[[float], None] = lambda _seconds: None,
    ) -> None:
        self._guards = tuple(guards)
        self._on_verdict = on_verdict
        self._on_checked = on_checked

    def check(self, batch: Sequence[Incoming]) -> None:
        """Pass a batch through all guards; an error inside one refuses everything it was asked about."""
        started = perf_counter()
        with spans("guards", [incoming.traceparent for incoming in batch]):
            self._ask(batch)
        self._on_checked(perf_counter() - started)
        for incoming in batch:
            self._on_verdict(incoming.refused.reason if incoming.refused else "allowed")

    def _ask(self, batch: Sequence[Incoming]) -> None:
        for guard in self._guards:
            try:
                guard(batch)
            except Exception as error:  # noqa: BLE001 - fail closed, whatever it was (promise 6)
                fail(error)
                _log.exception("a guard failed", extra={"guard": type(guard).__name__})
                for incoming in batch:
                    incoming.refuse(Refusal.UNAVAILABLE)
