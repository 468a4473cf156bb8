"""Opening hours: whether people answer at a moment, and when they do next; all arithmetic, over any clock change."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HORIZON = 400  # days within which a desk opens again, whatever its calendar says, or not at all
_DAY = timedelta(days=1)
_RULE = re.compile(r"(?P<days>[a-z]{3}(?:-[a-z]{3})?)\s+(?P<from>\d\d?:\d\d)\s*-\s*(?P<to>\d\d?:\d\d)")


@dataclass(frozen=True)
class Span:
    """Minutes of a day by the wall's clock; one whose end is not after its begin ends on the next day."""

    begin: int
    end: int


Week = tuple[tuple[Span, ...], ...]  # seven days from Monday on
Closure = tuple[datetime, datetime]  # from, until
ALWAYS: Week = tuple((Span(0, 24 * 60),) for _ in DAYS)


def read_week(text: str) -> Week:
    """Return the hours that a text such as "mon-fri 9:00-18:00, sat 10:00-14:00" names; nothing means always.

    A day may be named more than once. Raises ValueError.
    """
    if not text.strip():
        return ALWAYS
    week: list[list[Span]] = [[] for _ in DAYS]
    for rule in text.lower().split(","):
        read = _RULE.fullmatch(rule.strip())
        if read is None:
            raise ValueError("each part looks like mon-fri 9:00-18:00, commas stand between them")
        for day in _days(read["days"]):
            week[day].append(Span(_minutes(read["from"]), _minutes(read["to"])))
    return tuple(tuple(sorted(spans, key=lambda span: span.begin)) for spans in week)


def read_days(text: str) -> tuple[tuple[date, date], ...]:
    """Return the first and last days that a text such as "2027-01-01..2027-01-08, 2027-05-01" names.

    Raises ValueError.
    """
    found = []
    for piece in filter(None, (part.strip() for part in text.split(","))):
        first, _, last = piece.partition("..")
        try:
            span = date.fromisoformat(first.strip()), date.fromisoformat((last or first).strip())
        except ValueError:
            raise ValueError("days look like 2027-01-01 or 2027-01-01..2027-01-08, commas stand between them") from None
        if span[1] < span[0]:
            raise ValueError(f"{piece} ends before it begins")
        found.append(span)
    return tuple(found)


def closed_on(days: Iterable[tuple[date, date]], zone: ZoneInfo) -> list[Closure]:
    """Return when whole days of a zone begin and end; the last day that the calendar has ends with its beginning."""
    ends = date.max - _DAY
    return [
        (datetime.combine(first, time(), zone), datetime.combine(min(last, ends) + _DAY, time(), zone))
        for first, last in days
    ]


def _days(text: str) -> Iterator[int]:
    first, _, last = text.partition("-")
    if first not in DAYS or (last or first) not in DAYS:
        raise ValueError(f"days are {', '.join(DAYS)}")
    begin, end = DAYS.index(first), DAYS.index(last or first)
    return (day % len(DAYS) for day in range(begin, end + 1 if end >= begin else end + 1 + len(DAYS)))


def _minutes(text: str) -> int:
    hours, _, minutes = text.partition(":")
    total = int(hours) * 60 + int(minutes)
    if total > 24 * 60 or int(minutes) >= 60:  # noqa: PLR2004 - minutes of an hour
        raise ValueError("times are from 0:00 to 24:00")
    return total


@dataclass(frozen=True)
class Hours:
    """When the desk is open: hours of the week in a zone, less closures (holidays), which may overlap."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    week: Week = ALWAYS
    closures: Sequence[Closure] = ()

    def is_open(self, moment: datetime) -> bool:
        """Return whether people answer at an aware moment."""
        return self.opens(moment) == moment

    def opens(self, moment: datetime) -> datetime | None:
        """Return the first moment from this one on at which the desk is open; None if it does not open in a year."""
        day = moment.astimezone(self.zone).date() - _DAY  # a span of yesterday may reach into today
        found = (start for ahead in range(_HORIZON) for start in self._openings(day + ahead * _DAY, moment))
        return next(found, None)

    def _openings(self, day: date, moment: datetime) -> Iterator[datetime]:
        for span in self.week[day.weekday()]:
            start, end = self._at(day, span.begin), self._at(day, span.end)
            if span.end <= span.begin:
                end = self._at(day + _DAY, span.end)
            start = self._after_closures(max(start, moment))
            if start < end:
                yield start

    def _after_closures(self, moment: datetime) -> datetime:
        """Return the moment, or the end of the closures that it falls into."""
        while ends := [until for since, until in self.closures if since <= moment < until]:
            moment = max(ends)
        return moment

    def _at(self, day: date, minutes: int) -> datetime:
        """Return when the wall's clock shows some minutes of a day; where it never does, when it would have."""
        whole, rest = divmod(minutes, 24 * 60)
        wall = datetime.combine(day + whole * _DAY, time(rest // 60, rest % 60), self.zone)
        return wall.astimezone(UTC)
