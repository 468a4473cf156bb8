"""Wiring: hours and holidays of the settings reach the rules; a file that is none ends the start with its name."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from config import load_settings
from services.waiting.rules import First
from services.wiring import make_database
from services.wiring_worker import make_catalogues, make_own_running
from tests.services.test_holidays import calendar
from utils.encryption import generate_key
from utils.settings import SettingsError

ENVIRONMENT = {"BOT_TOKEN": "123456:" + "A" * 35, "ENCRYPTION_KEY": generate_key(), "BLIND_INDEX_KEY": generate_key()}


def test_hours_and_holidays_reach_the_rules(tmp_path: Path) -> None:
    file = calendar(tmp_path, f"DTSTART;VALUE=DATE:{datetime.now(UTC).year}0615\nRRULE:FREQ=YEARLY")
    given = {"OPENING_HOURS": "mon-sun 9:00-18:00", "TIME_ZONE": "Asia/Almaty", "HOLIDAYS_FILE": str(file)}
    settings = load_settings(ENVIRONMENT | given | {"ANSWER_FIRST": "ai_when_busy"})
    rules = make_own_running(settings, make_database(settings), make_catalogues(settings)).policy.waiting
    next_year = datetime.now(UTC).year + 1
    opens = rules.hours.opens(datetime(next_year, 6, 14, 20, tzinfo=UTC))  # midnight is at 19:00 there
    assert opens == datetime(next_year, 6, 16, 4, tzinfo=UTC)
    assert rules.first is First.AI_WHEN_BUSY


def test_a_file_that_is_no_calendar_is_named(tmp_path: Path) -> None:
    settings = load_settings(ENVIRONMENT | {"HOLIDAYS_FILE": str(tmp_path / "none.ics")})
    with pytest.raises(SettingsError, match="HOLIDAYS_FILE: No such file"):
        make_own_running(settings, make_database(settings), make_catalogues(settings))
    with pytest.raises(SettingsError, match="TIME_ZONE: no zone of that name"):
        load_settings(ENVIRONMENT | {"TIME_ZONE": "Moscow"})
    with pytest.raises(SettingsError, match="OPENING_HOURS: "):
        load_settings(ENVIRONMENT | {"OPENING_HOURS": "always"})
