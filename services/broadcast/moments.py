"""When a broadcast goes out: moments as people type them, with the zone they name or the bank's."""

import re
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from services.errors import DeskRefusal

MORNING = time(10)
_TYPED = re.compile(
    r"(?:(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)|(?P<day2>\d\d?)\.(?P<month2>\d\d?)\.(?P<year2>\d{4}))"
    r"[ T]+(?P<hour>\d\d?):(?P<minute>\d\d)(?:\s+(?P<zone>\S+)|(?P<offset>[+-]\d\d:\d\d))?"
)
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d\d?)(?::?(\d\d))?")


def typed(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the moment that a text such as `2026-12-01 10:00 Asia/Almaty` names; raises DeskRefusal."""
    read = _TYPED.fullmatch(text.strip())
    if read is None:
        raise DeskRefusal("broadcast.wrong_moment", zone=zone.key)
    year, month, day = (int(read[name] or read[f"{name}2"]) for name in ("year", "month", "day"))
    where = _zone(read["zone"] or read["offset"], zone)
    try:
        moment = datetime(year, month, day, int(read["hour"]), int(read["minute"]), tzinfo=where).astimezone(UTC)
    except (ValueError, OverflowError):
        raise DeskRefusal("broadcast.wrong_moment", zone=zone.key) from None
    if moment <= now:
        raise DeskRefusal("broadcast.past")
    return moment


def soon(word: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return the moment that a button names: None for now; raises DeskRefusal for another word."""
    match word:
        case "now":
            return None
        case "hour":
            return now + timedelta(hours=1)
        case "morning":
            day = now.astimezone(zone).date() + timedelta(days=1)
            return datetime.combine(day, MORNING, zone).astimezone(UTC)
    raise DeskRefusal("button.stale")


def shown(moment: datetime, zone: ZoneInfo) -> str:
    """Return a moment as the bank's people read it, with the zone."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M} {zone.key}"


def _zone(name: str | None, default: ZoneInfo) -> tzinfo:
    if not name:
        return default
    if offset := _OFFSET.fullmatch(name.upper()):
        ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        try:
            return timezone(-ahead if offset[1] == "-" else ahead)
        except ValueError:
            raise DeskRefusal("broadcast.wrong_zone", zone=name) from None
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise DeskRefusal("broadcast.wrong_zone", zone=name) from None
