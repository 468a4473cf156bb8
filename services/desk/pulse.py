"""The desk's pulse: what changed since the last look, found once for all pages that follow it."""

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from database.db import UnitOfWork
from database.queries.pulse import Newest
from services.desk.desk import Desk
from services.desk.door import Door
from services.desk.seats import seats
from services.desk.supervising import Waiting, who_waits

_LOOKS = 13  # that a row is looked for: one with a lower number may be committed after one with a higher number
_SHOWN = 50  # customers of the queue


@dataclass(frozen=True)
class Floor:
    """What everybody at the desk sees alike: who waits, and who of the staff may take chats now."""

    waiting: tuple[Waiting, ...] = ()
    staff: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Beat:
    """What changed: in which conversations, for whom, and the floor if that is another now."""

    conversations: frozenset[UUID] = frozenset()
    people: frozenset[int] = frozenset()
    floor: Floor | None = None


@dataclass
class Pulse:
    """Looks at the desk again and again; not for several threads at once."""

    door: Door
    _marks: deque[Newest] = field(default_factory=lambda: deque(maxlen=_LOOKS))
    _seen: set[tuple[str, int]] = field(default_factory=set)

    def beat(self, followers: Collection[int]) -> Beat:
        """Return what changed since the last look, for the accounts that follow; the first one brings the floor."""
        return self.door.look(None, lambda desk: self._beat(desk, followers))

    def _beat(self, desk: Desk, followers: Collection[int]) -> Beat:
        first = not self._marks
        self._marks.append(desk.uow.pulse.newest())
        if first:
            return Beat(floor=floor(desk))
        if self._marks[0] == self._marks[-1]:
            self._seen.clear()
            return Beat()
        return self._changes(desk, desk.uow, followers)

    def _changes(self, desk: Desk, uow: UnitOfWork, followers: Collection[int]) -> Beat:
        found = uow.pulse.since(self._marks[0], followers)
        fresh = [change for change in found if (change.kind, change.id) not in self._seen]
        self._seen = {(change.kind, change.id) for change in found}
        return Beat(
            frozenset(change.conversation_id for change in fresh if change.conversation_id),
            frozenset(change.telegram_id for change in fresh if change.telegram_id),
            floor(desk) if any(change.kind == "event" for change in fresh) else None,
        )


def floor(desk: Desk) -> Floor:
    """Return the floor as it is now."""
    return Floor(tuple(who_waits(desk, _SHOWN)), frozenset(seat.telegram_id for seat in seats(desk)))
