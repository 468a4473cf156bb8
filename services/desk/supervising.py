"""Supervising: what the desk looks like now, and a warning before customers have waited longer than promised."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from database.models import Availability, Conversation, DeskAct
from services.access import Permission
from services.desk.desk import Desk
from services.desk.keys import short
from services.desk.people import name_of, supervisors
from services.desk.seats import Seat, seats
from services.metrics import DESK_LEVEL, DESK_OLDEST, DESK_OPERATORS, DESK_WAITING

_HOUR, _DAY = 3600.0, 86_400.0
_AHEAD = 0.8  # share of the promised wait at which supervisors are warned
_PAUSE = 600.0  # seconds between two warnings


@dataclass(frozen=True)
class Waiting:
    """A customer who waits: `seconds` so far, and to whom they are offered."""

    id: UUID
    short: str
    seconds: float
    urgent: bool
    line: int
    reason: str
    language: str
    offered_to: int | None


@dataclass(frozen=True)
class Overview:
    """The desk now; `level` is the share of the last day's customers taken within the promise, None without any."""

    waiting: tuple[Waiting, ...]
    seats: tuple[Seat, ...]
    chats: tuple[Conversation, ...]
    level: float | None
    taken: int
    abandoned: int

    @property
    def longest(self) -> float:
        """Seconds that the longest wait has lasted."""
        return max((each.seconds for each in self.waiting), default=0.0)


def queue(desk: Desk, limit: int = 50) -> list[Waiting]:
    """Return who waits, in their order; raises DeskRefusal."""
    desk.require(Permission.TAKE_CHATS)
    return who_waits(desk, limit)


def overview(desk: Desk) -> Overview:
    """Return the desk as a supervisor sees it; raises DeskRefusal."""
    desk.require(Permission.SUPERVISE)
    within, taken, abandoned = desk.uow.desk.counts(_DAY, desk.rules.service_level)
    level = within / (taken + abandoned) if taken + abandoned else None
    chats = tuple(desk.uow.floor.served())
    return Overview(tuple(who_waits(desk, 500)), tuple(seats(desk)), chats, level, taken, abandoned)


def warn(desk: Desk) -> bool:
    """Warn supervisors when somebody has nearly waited as long as is promised, not again for a while.

    Who left a message outside opening hours was promised the opening; what is urgent does not wait for it.
    """
    waiting, is_open = who_waits(desk, 500), desk.tools.policy.waiting.hours.is_open(desk.uow.now())
    late = [each for each in waiting if each.seconds >= _AHEAD * desk.rules.service_level and (is_open or each.urgent)]
    if not late or desk.uow.desk.lately(DeskAct.ALERTED, _PAUSE):
        return False
    desk.happened(DeskAct.ALERTED, detail=str(len(late)))
    online = sum(seat.availability == Availability.ONLINE for seat in seats(desk))
    for supervisor in supervisors(desk):
        desk.tell(
            supervisor,
            "desk.level_in_danger",
            waiting=len(waiting),
            longest=minutes(max(each.seconds for each in late)),
            online=online,
        )
    return True


def measure(desk: Desk) -> None:
    """Set the gauges of the desk."""
    waiting = who_waits(desk, 5000)
    for line in (1, 2):
        DESK_WAITING.labels(str(line)).set(sum(each.line == line for each in waiting))
    DESK_OLDEST.set(max((each.seconds for each in waiting), default=0.0))
    taken = seats(desk)
    for state in Availability:
        DESK_OPERATORS.labels(state).set(sum(seat.availability == state for seat in taken))
    within, number, abandoned = desk.uow.desk.counts(_HOUR, desk.rules.service_level)
    DESK_LEVEL.set(within / (number + abandoned) if number + abandoned else 1.0)


def minutes(seconds: float) -> str:
    """Return a duration as minutes and seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def operator_line(desk: Desk, seat: Seat, language: str) -> str:
    """Return an operator in a line: name, what they say of themselves, load of limit."""
    state = desk.tools.words.text(language, f"desk.state.{seat.availability or 'on_call'}")
    reason = f" ({seat.operator.away_reason})" if seat.operator and seat.operator.away_reason else ""
    return f"{name_of(desk, seat.telegram_id, language)} · {state}{reason} · {seat.load}/{seat.limit}"


def who_waits(desk: Desk, limit: int) -> list[Waiting]:
    """Return who waits, in their order, whoever asks."""
    now: datetime = desk.uow.now()
    return [
        Waiting(
            talk.id,
            short(talk),
            (now - talk.queued_at).total_seconds() if talk.queued_at else 0.0,
            talk.urgent,
            talk.line,
            talk.reason or "asked",
            language or desk.tools.policy.language,
            talk.offered_to if talk.offered_until and talk.offered_until > now else None,
        )
        for talk, language in desk.uow.floor.waiting(limit)
    ]
