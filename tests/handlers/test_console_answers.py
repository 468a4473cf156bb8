"""A search for answers, as its address names it."""

from datetime import UTC, datetime

import pytest

from database.queries.answer import Wanted
from handlers.console.answers import wanted_by

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({}, Wanted()),
        ({"find": " 17 ", "chat": "", "from": "", "to": ""}, Wanted(number=17)),
        ({"find": TRACE.upper()}, Wanted(trace=TRACE)),
        ({"find": f"00-{TRACE}-00f067aa0ba902b7-01"}, Wanted(trace=TRACE)),
        ({"find": "1" * 32}, Wanted(trace="1" * 32)),
        ({"chat": "9001", "before": "5"}, Wanted(chat_id=9001, before=5)),
        (
            {"from": "2026-11-25T10:00", "to": "2026-11-26T00:00"},
            Wanted(start=datetime(2026, 11, 25, 10, tzinfo=UTC), end=datetime(2026, 11, 26, tzinfo=UTC)),
        ),
    ],
    ids=str,
)
def test_fields_are_read(asked: dict[str, str], wanted: Wanted) -> None:
    assert wanted_by(asked) == wanted


@pytest.mark.parametrize(
    "asked",
    [{"find": "%"}, {"find": "x" * 32}, {"chat": "-1"}, {"chat": "9" * 30}, {"before": "٣"}, {"from": "now"}],
    ids=str,
)
def test_what_is_no_number_trace_or_moment_is_refused(asked: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        wanted_by(asked)
