"""The desk's report: half an hour a row, for the queue of each line and for each operator."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from database.models import DeskAct, DeskEvent

INTERVAL = timedelta(minutes=30)
COLUMNS = (
    *("start", "line", "operator", "offered", "answered", "abandoned", "transferred", "service_level"),
    *("wait_seconds", "handling_seconds", "first_reply_seconds", "away_seconds"),
)


@dataclass
class _Cell:
    offered: int = 0
    abandoned: int = 0
    transferred: int = 0
    waits: list[float] = field(default_factory=list)
    handled: list[float] = field(default_factory=list)
    replies: list[float] = field(default_factory=list)
    away: float = 0.0


def rows(events: Iterable[DeskEvent], promised: float) -> Iterator[tuple[str, ...]]:
    """Yield the rows of COLUMNS; times are UTC, shares 0 to 1, seconds means. `promised` is the wait promised.

    A line's service level is the share of those answered within the promise among the answered and abandoned.
    """
    cells: dict[tuple[datetime, int, int | None], _Cell] = {}
    for event in events:
        for operator in dict.fromkeys((None, event.operator_id)):
            cell = cells.setdefault((_start(event.at), event.line, operator), _Cell())
            _count(cell, event, of_queue=operator is None)
    for (start, line, operator), cell in sorted(cells.items(), key=lambda item: (*item[0][:2], item[0][2] or 0)):
        ended = len(cell.waits) + cell.abandoned
        level = sum(wait <= promised for wait in cell.waits) / ended if ended else None
        yield (
            start.isoformat(timespec="minutes"),
            str(line),
            str(operator or ""),
            *map(str, (cell.offered, len(cell.waits), cell.abandoned, cell.transferred)),
            "" if level is None else f"{level:.3f}",
            *map(_mean, (cell.waits, cell.handled, cell.replies)),
            f"{cell.away:.0f}",
        )


def _count(cell: _Cell, event: DeskEvent, *, of_queue: bool) -> None:
    seconds = event.seconds or 0.0
    match event.act:
        case DeskAct.QUEUED if of_queue:
            cell.offered += 1
        case DeskAct.OFFERED if not of_queue:
            cell.offered += 1
        case DeskAct.TAKEN:
            cell.waits.append(seconds)
        case DeskAct.ABANDONED:
            cell.abandoned += 1
        case DeskAct.TRANSFERRED | DeskAct.ESCALATED | DeskAct.RETURNED:
            cell.transferred += 1
        case DeskAct.ENDED:
            cell.handled.append(seconds)
        case DeskAct.FIRST_REPLY:
            cell.replies.append(seconds)
        case DeskAct.PRESENCE if (event.detail or "").startswith("away"):
            cell.away += seconds
        case _:
            pass


def _start(moment: datetime) -> datetime:
    utc = moment.astimezone(UTC)
    return utc.replace(minute=utc.minute // 30 * 30, second=0, microsecond=0)


def _mean(values: list[float]) -> str:
    return f"{sum(values) / len(values):.1f}" if values else ""
