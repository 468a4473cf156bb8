"""Opening hours: read from a setting, the same by the wall's clock all year, less holidays."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.hours import ALWAYS, Closure, Hours, Span, read_week

MOSCOW, BERLIN = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Berlin")
OFFICE = read_week("mon-fri 9:00-18:00, sat 10:00-14:00")

zones = st.sampled_from([BERLIN, MOSCOW, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")])
minutes = st.integers(0, 24 * 60)
spans = st.builds(Span, st.integers(0, 24 * 60 - 1), minutes)
weeks = st.tuples(
    *([st.lists(spans, max_size=2).map(lambda found: tuple(sorted(found, key=lambda span: span.begin)))] * 7)
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
closures = st.lists(st.tuples(moments, st.timedeltas(timedelta(hours=1), timedelta(days=12))), max_size=4).map(
    lambda found: [(start, start + lasts) for start, lasts in found]
)


def at(zone: ZoneInfo, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=zone)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("text", "monday", "sunday"),
    [
        ("", (Span(0, 1440),), (Span(0, 1440),)),
        ("mon-sun 0:00-24:00", (Span(0, 1440),), (Span(0, 1440),)),
        ("Mon 9:00-13:00, mon 14:00 - 18:00", (Span(540, 780), Span(840, 1080)), ()),
        ("sat-mon 22:00-6:00", (Span(1320, 360),), (Span(1320, 360),)),
    ],
)
def test_hours_are_read(text: str, monday: tuple[Span, ...], sunday: tuple[Span, ...]) -> None:
    week = read_week(text)
    assert (week[0], week[6]) == (monday, sunday)


@pytest.mark.parametrize("text", ["always", "mon 9-18", "mon 9:00-25:00", "mon 9:60-10:00", "mom 9:00-10:00", "mon,"])
def test_what_is_no_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"looks like|days are|times are"):
        read_week(text)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (at(MOSCOW, 2026, 11, 25, 8, 59), at(MOSCOW, 2026, 11, 25, 9, 0)),
        (at(MOSCOW, 2026, 11, 25, 9, 0), at(MOSCOW, 2026, 11, 25, 9, 0)),
        (at(MOSCOW, 2026, 11, 25, 18, 0), at(MOSCOW, 2026, 11, 26, 9, 0)),
        (at(MOSCOW, 2026, 11, 28, 14, 0), at(MOSCOW, 2026, 11, 30, 9, 0)),
        (at(MOSCOW, 2026, 12, 31, 15, 0), at(MOSCOW, 2027, 1, 9, 10, 0)),  # a Saturday, after the holidays
    ],
)
def test_the_desk_opens_next(moment: datetime, opens: datetime) -> None:
    holidays = [
        (at(MOSCOW, 2026, 12, 31, 14), at(MOSCOW, 2026, 12, 31, 18)),
        (at(MOSCOW, 2027, 1, 1), at(MOSCOW, 2027, 1, 9)),
    ]
    assert Hours(MOSCOW, OFFICE, holidays).opens(moment) == opens


def test_a_night_shift_reaches_into_the_next_day() -> None:
    hours = Hours(MOSCOW, read_week("fri 22:00-6:00"))
    assert hours.is_open(at(MOSCOW, 2026, 11, 28, 5, 59))  # Saturday
    assert not hours.is_open(at(MOSCOW, 2026, 11, 28, 6, 0))


def test_a_desk_that_never_opens_says_so() -> None:
    moment = at(MOSCOW, 2026, 11, 25)
    assert Hours(MOSCOW, ((),) * 7).opens(moment) is None
    assert Hours(MOSCOW, ALWAYS, [(moment, moment + timedelta(days=9999))]).opens(moment) is None


@pytest.mark.parametrize("day", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
def test_when_clocks_change_it_opens_by_the_wall(day: datetime) -> None:
    hours = Hours(BERLIN, read_week("mon-sun 9:00-18:00"))
    opened = [hours.opens(day + timedelta(days=ahead)) for ahead in (-1, 0, 1)]
    assert [moment.astimezone(BERLIN).time() for moment in opened if moment] == [time(9)] * 3
    night = Hours(BERLIN, read_week("mon-sun 0:00-24:00"))
    assert all(night.is_open(day + timedelta(minutes=step)) for step in range(0, 26 * 60, 7))


def test_an_hour_that_clocks_skip_opens_when_it_would_have() -> None:
    hours = Hours(BERLIN, read_week("sun 2:30-4:00"))  # at 2:00 on this Sunday it becomes 3:00
    assert hours.opens(at(BERLIN, 2026, 3, 29, 0, 0)) == at(BERLIN, 2026, 3, 29, 3, 30)


@given(zones, weeks, closures, moments)
def test_it_is_closed_until_it_opens_and_open_then(
    zone: ZoneInfo, week: tuple[tuple[Span, ...], ...], shut: list[Closure], moment: datetime
) -> None:
    hours = Hours(zone, week, shut)
    opens = hours.opens(moment)
    if opens is None:
        return
    assert opens >= moment
    assert hours.is_open(opens)
    assert not any(since <= opens < until for since, until in shut)
    gap = opens - moment
    for part in range(8):
        between = moment + gap * part / 8
        assert between == opens or not hours.is_open(between)


@given(zones, moments)
def test_hours_without_closures_are_of_the_week(zone: ZoneInfo, moment: datetime) -> None:
    wall = moment.astimezone(zone)
    hours = Hours(zone, OFFICE)
    inside = any(span.begin <= wall.hour * 60 + wall.minute < span.end for span in OFFICE[wall.weekday()])
    assert hours.is_open(moment) == inside
