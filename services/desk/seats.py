"""Seats: everybody who may take chats now, whether they are there, and how much room they have."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from database.models import Availability, Conversation, Operator
from services.access import Permission, allowed
from services.desk.desk import Desk

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Seat:
    """One operator with `load` chats and offers of `limit`; `ready` to be offered another one."""

    telegram_id: int
    operator: Operator | None
    load: int
    limit: int
    ready: bool

    @property
    def availability(self) -> str | None:
        """What the operator says of themselves."""
        return self.operator.availability if self.operator else None

    @property
    def online(self) -> bool:
        """Whether the operator is there for the queue."""
        return self.availability == Availability.ONLINE

    @property
    def line(self) -> int:
        """The line that the operator sits in."""
        return self.operator.line if self.operator else 1

    @property
    def room(self) -> int:
        """How many more chats there is room for."""
        return max(0, self.limit - self.load) if self.ready else 0

    @property
    def idle_since(self) -> datetime:
        """When a customer was last offered."""
        return (self.operator.assigned_at if self.operator else None) or _NEVER

    def speaks(self, language: str) -> bool:
        """Return whether the operator serves in a language."""
        return not (self.operator and self.operator.languages) or language in self.operator.languages

    def knows(self, skill: str | None) -> bool:
        """Return whether the operator has a skill."""
        return skill is None or bool(self.operator and skill in self.operator.skills)


def seats(desk: Desk) -> list[Seat]:
    """Return the seats of all who may take chats now, in three statements however many they are."""
    rows = {row.telegram_id: row for row in desk.uow.operators.all() if row.telegram_id is not None}
    loads, now = desk.uow.floor.loads(), desk.uow.now()
    found = []
    for telegram_id, held in sorted(desk.uow.roles.all().items()):
        row = rows.get(telegram_id)
        signed_in = bool(row and row.session_until and row.session_until > now)
        needs_pin = desk.rules.pin_required or bool(row and row.pin_hash)
        if not allowed(held, Permission.TAKE_CHATS) or (needs_pin and not signed_in):
            continue
        wrapping = bool(row and row.wrap_until and row.wrap_until > now)
        ready = bool(row and row.availability == Availability.ONLINE) and not wrapping
        found.append(Seat(telegram_id, row, loads.get(telegram_id, 0), desk.limit(row), ready))
    return found


def on_call(taken: Sequence[Seat], but: int | None) -> list[int]:
    """Return who never said whether they are there: they are called for everybody while nobody is online."""
    return [seat.telegram_id for seat in taken if seat.availability is None and seat.telegram_id != but]


def suiting(taken: Iterable[Seat], line: int, skill: str | None, language: str) -> list[Seat]:
    """Return the seats of a line or above it, with a skill and a language that somebody there has.

    One that nobody there has keeps nobody waiting.
    """
    there = [seat for seat in taken if seat.line >= line]
    there = [seat for seat in there if seat.knows(skill)] or there
    return [seat for seat in there if seat.speaks(language)] or there


def fitting(
    taken: Sequence[Seat], conversation: Conversation, language: str, passed: Collection[tuple[UUID, int]]
) -> list[Seat]:
    """Return the seats that suit a customer, but for who gave them away, and the customer's own."""
    there = (
        seat
        for seat in taken
        if seat.telegram_id != conversation.chat_id and (conversation.id, seat.telegram_id) not in passed
    )
    return suiting(there, conversation.line, conversation.skill, language)
