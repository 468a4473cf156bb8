"""Holidays from an iCalendar file (RFC 5545), as moments between which the desk is closed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dateutil.rrule import rruleset, rrulestr

from utils.hours import Closure

if TYPE_CHECKING:
    from icalendar import Event

_YEARS = 3  # that an event which comes again is written out for, from the present year on
_LARGEST = 1_000_000  # bytes; a calendar of holidays has some thousand


class HolidaysError(ValueError):
    """A file is no calendar that can be read; the text says why."""


def read_holidays(path: Path, zone: ZoneInfo, today: date) -> tuple[Closure, ...]:
    """Return when the events of a calendar take place, whole days in `zone`; those of the year before are left out.

    An event that comes again does so by its RRULE, RDATE and EXDATE. Cancelled ones do not count; free or busy says
    nothing, since public calendars call holidays free. Raises HolidaysError.
    """
    from icalendar import Calendar, Event  # noqa: PLC0415 - memory of every worker, used by banks with a calendar

    since = datetime(today.year, 1, 1, tzinfo=zone)
    until = datetime(today.year + _YEARS, 1, 1, tzinfo=zone)
    try:
        calendar = Calendar.from_ical(_content(path))
        found = [
            closure
            for event in calendar.walk("VEVENT")
            if isinstance(event, Event) and str(event.get("STATUS", "")).upper() != "CANCELLED"
            for closure in _closures(event, zone, since, until)
        ]
    except OSError as error:
        raise HolidaysError(error.strerror or "cannot be read") from None
    except HolidaysError:
        raise
    except Exception as error:  # the library raises whatever it meets in a file that is none
        raise HolidaysError(f"not an iCalendar file: {error}") from error
    return tuple(sorted(found))


def _content(path: Path) -> bytes:
    if path.stat().st_size > _LARGEST:
        raise HolidaysError(f"larger than {_LARGEST} bytes")
    return path.read_bytes()


def _closures(event: "Event", zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[Closure]:
    begin, lasts = _moment(event.start, zone), event.end - event.start
    for start in _starts(event, begin, zone, until):
        # Days are counted by the calendar: one on which clocks change has 23 hours, or 25.
        end = (start.replace(tzinfo=None) + lasts).replace(tzinfo=zone)
        if start < end and since < end and start < until:
            yield start.astimezone(UTC), end.astimezone(UTC)


def _starts(event: "Event", begin: datetime, zone: ZoneInfo, until: datetime) -> Iterator[datetime]:
    """Yield when an event begins, by the wall's clock of the zone."""
    naive = begin.replace(tzinfo=None)
    dates = rruleset()
    dates.rdate(naive)
    if rule := event.get("RRULE"):
        text = rule.to_ical().decode()
        dates.rrule(rrulestr(text.replace("Z", ""), dtstart=naive))
    for name, add in (("RDATE", dates.rdate), ("EXDATE", dates.exdate)):
        for listed in _listed(event.get(name)):
            add(_moment(listed, zone).replace(tzinfo=None))
    limit = until.replace(tzinfo=None) + timedelta(days=1)
    for start in dates:
        if start > limit:
            return
        yield start.replace(tzinfo=zone)


def _listed(found: object) -> Iterator[date]:
    for group in found if isinstance(found, list) else [found]:
        for item in getattr(group, "dts", ()):
            yield item.dt


def _moment(day: date, zone: ZoneInfo) -> datetime:
    """Return a moment in the zone: a day begins at its midnight, a time without a zone is of this one."""
    if not isinstance(day, datetime):
        return datetime.combine(day, time(), zone)
    return day.astimezone(zone) if day.tzinfo else day.replace(tzinfo=zone)
