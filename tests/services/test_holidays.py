"""Holidays: events of an iCalendar file, whole days in the bank's zone, as often as they come again."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from services.gateways.holidays import HolidaysError, read_holidays

ZONE, TODAY = ZoneInfo("Europe/Berlin"), date(2026, 11, 25)


def calendar(folder: Path, *events: str) -> Path:
    """Write a calendar with these events."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Bank//Holidays//EN"]
    for number, event in enumerate(events):
        lines += ["BEGIN:VEVENT", f"UID:{number}", *event.split("\n"), "END:VEVENT"]
    file = folder / "holidays.ics"
    file.write_bytes("\r\n".join([*lines, "END:VCALENDAR", ""]).encode())
    return file


def read(folder: Path, *events: str) -> list[tuple[datetime, datetime]]:
    found = read_holidays(calendar(folder, *events), ZONE, TODAY)
    return [
        (start.astimezone(ZONE).replace(tzinfo=None), end.astimezone(ZONE).replace(tzinfo=None)) for start, end in found
    ]


def day(year: int, month: int, number: int, hour: int = 0) -> datetime:
    return datetime(year, month, number, hour)  # noqa: DTZ001 - the wall's clock


def test_days_last_from_midnight_to_midnight(tmp_path: Path) -> None:
    assert read(tmp_path, "DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261227", "DTSTART;VALUE=DATE:20260501") == [
        (day(2026, 5, 1), day(2026, 5, 2)),
        (day(2026, 12, 25), day(2026, 12, 27)),
    ]


def test_a_day_on_which_clocks_change_is_a_day(tmp_path: Path) -> None:
    [(start, end)] = read_holidays(calendar(tmp_path, "DTSTART;VALUE=DATE:20261025"), ZONE, TODAY)
    assert end - start == timedelta(hours=25)


def test_times_have_a_zone_of_their_own(tmp_path: Path) -> None:
    assert read(
        tmp_path,
        "DTSTART:20261224T120000Z\nDTEND:20261224T180000Z",
        "DTSTART;TZID=Europe/Moscow:20261231T140000\nDURATION:PT4H",
        "DTSTART:20261130T130000\nDTEND:20261130T140000",
    ) == [
        (day(2026, 11, 30, 13), day(2026, 11, 30, 14)),
        (day(2026, 12, 24, 13), day(2026, 12, 24, 19)),
        (day(2026, 12, 31, 12), day(2026, 12, 31, 16)),
    ]


def test_events_come_again_but_for_exceptions(tmp_path: Path) -> None:
    found = read(
        tmp_path, "DTSTART;VALUE=DATE:20150101\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20270101\nSUMMARY:New\n  Year"
    )
    assert [start.year for start, _ in found] == [2026, 2028]
    assert len(read(tmp_path, "DTSTART;VALUE=DATE:20260907\nRRULE:FREQ=YEARLY;BYMONTH=9;BYDAY=1MO;UNTIL=20271231")) == 2


def test_cancelled_ones_do_not_count_and_free_ones_do(tmp_path: Path) -> None:
    assert read(tmp_path, "DTSTART;VALUE=DATE:20261225\nSTATUS:CANCELLED") == []
    assert len(read(tmp_path, "DTSTART;VALUE=DATE:20261225\nTRANSP:TRANSPARENT")) == 1


def test_past_years_are_left_out(tmp_path: Path) -> None:
    assert read(tmp_path, "DTSTART;VALUE=DATE:20241225") == []


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\n", b"x" * 1_000_001])
def test_what_is_no_calendar_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "broken.ics"
    file.write_bytes(content)
    with pytest.raises(HolidaysError):
        read_holidays(file, ZONE, TODAY)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HolidaysError, match="No such file"):
        read_holidays(tmp_path / "none.ics", ZONE, datetime.now(UTC).date())
