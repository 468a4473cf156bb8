"""The queue of updates for one bot, with the semantics of getUpdates."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.telegram.errors import ConflictError
from sandbox.telegram.journal import Journal
from sandbox.telegram.pulse import Pulse

LONGEST_POLL = 50
MOST_AT_ONCE = 100
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True, slots=True)
class Update:
    """One update, ready to be sent; updates of one chat are delivered in order."""

    id: int
    chat_id: int
    body: bytes


class UpdateQueue:
    """Updates that the bot has not confirmed yet, oldest first."""

    def __init__(self, next_id: int, journal: Journal) -> None:
        self.next_id = next_id
        self.pending: OrderedDict[int, Update] = OrderedDict()
        self.allowed: list[str] = []
        self.listener: Callable[[Update], None] | None = None
        self._journal = journal
        self._arrived = Pulse()
        self._poll = 0
        self._interrupted_by = ""

    def push(self, kind: str, chat_id: int, build: Callable[[int], bytes]) -> int | None:
        """Queue an update unless the bot does not want its kind; return its id."""
        if kind not in self.allowed if self.allowed else kind in NOT_BY_DEFAULT:
            return None
        update = Update(self.next_id, chat_id, build(self.next_id))
        self.next_id += 1
        self.pending[update.id] = update
        if self.listener is not None:
            self.listener(update)
        self._arrived.fire()
        return update.id

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Update]:  # noqa: ASYNC109 - a poll's own parameter
        """Confirm what is below `offset` and return what follows, waiting up to `timeout` for something.

        A newer poll ends this one with ConflictError, as does a webhook.
        """
        self.interrupt("terminated by other getUpdates request; make sure that only one bot instance is running")
        mine = self._poll
        self.confirm_below(offset)
        if not self.pending and timeout > 0:
            await self._arrived.wait(min(timeout, LONGEST_POLL))
            if mine != self._poll:
                raise ConflictError(self._interrupted_by)
        given = self.first(limit or MOST_AT_ONCE)
        for update in given:
            self._journal.update(update.id, update.chat_id, update.body, "polling")
        return given

    def interrupt(self, reason: str) -> None:
        """End a poll that is under way with ConflictError and this reason."""
        self._poll += 1
        self._interrupted_by = reason
        self.wake()

    def wake(self) -> None:
        """End the waiting of a poll; it answers with what there is."""
        self._arrived.fire()

    def confirm_below(self, offset: int) -> None:
        """Forget updates below `offset`; a negative one keeps that many from the end."""
        if offset < 0:
            for _ in range(len(self.pending) + offset):
                self.pending.popitem(last=False)
            return
        while self.pending and next(iter(self.pending)) < offset:
            self.pending.popitem(last=False)

    def confirm(self, update_id: int) -> None:
        """Forget one update: a webhook has taken it."""
        self.pending.pop(update_id, None)

    def first(self, limit: int) -> list[Update]:
        """Return the oldest updates."""
        return [update for update, _ in zip(self.pending.values(), range(limit), strict=False)]
