"""Settings that change while the bot runs: the rules, the rights, the record, and what processes see of them."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config import load_settings
from database.db import Database
from services.running.fields import FIELDS
from services.running.sheet import Origin
from services.running.words import OwnWords
from services.waiting.rules import First
from services.wiring_running import EnvironmentDefaults
from services.wiring_worker import make_catalogues, make_own_running
from tests.database.fixtures import another_bot
from tests.services.settling import ADMIN, AUDITOR, ENVIRONMENT, SUPERVISOR, WORDS, Settling
from tests.services.test_holidays import calendar
from tests.services.test_statements import counted
from tests.system import wait_until


@pytest.fixture
def office(database: Database) -> Settling:
    return Settling(database, {"OPERATOR_CHATS": "5"})


def test_a_change_is_in_force_at_the_next_look_and_recorded_with_before_and_after(office: Settling) -> None:
    office.following.look()
    assert office.following.policy.desk.chats == 5
    change = office.change("OPERATOR_CHATS", " 7 ")
    assert (change.before, change.after) == ("5", "7")
    assert office.following.look()
    assert office.following.policy.desk.chats == 7
    [event] = office.recorded()
    assert (event.actor, event.subject) == (ADMIN, "setting:OPERATOR_CHATS")
    said = json.loads(event.details)
    assert (said["before"], said["after"], said["version"]) == ("5", "7", 1)


def test_a_look_at_nothing_new_is_one_statement(office: Settling) -> None:
    office.change("OPERATOR_CHATS", "7")
    office.following.look()
    with counted(office.database.engine) as statements:
        assert not office.following.look()
    assert len(statements) == 1


def test_what_is_in_force_tells_where_it_comes_from(office: Settling) -> None:
    assert office.sees("OPERATOR_CHATS").origin == Origin.ENVIRONMENT
    assert office.sees("OFFER_SECONDS").origin == Origin.BUILT_IN
    office.change("OFFER_SECONDS", "60,5", by=SUPERVISOR)
    seen = office.sees("OFFER_SECONDS", by=AUDITOR)
    assert (seen.in_force, seen.default, seen.origin, seen.version) == ("60.5", "45", Origin.CHANGED, 1)
    assert seen.changed_by == SUPERVISOR
    assert seen.changed_at
    assert not seen.mine


def test_back_to_the_default_is_a_change_too(office: Settling) -> None:
    office.change("OPERATOR_CHATS", "7")
    change = office.change("OPERATOR_CHATS", None)
    assert (change.before, change.after) == ("7", "5")
    office.following.look()
    assert office.following.policy.desk.chats == 5
    assert office.sees("OPERATOR_CHATS").origin == Origin.ENVIRONMENT
    with office.database.reading() as uow:
        versions = office.sheet.history(uow, AUDITOR, "OPERATOR_CHATS")
    assert [(row.version, row.value) for row in versions] == [(2, None), (1, "7")]


def test_the_same_again_changes_nothing(office: Settling) -> None:
    office.change("OPERATOR_CHATS", "5")
    office.change("OPERATOR_CHATS", None)
    assert office.recorded() == []
    office.change("OPERATOR_CHATS", "7")
    office.change("OPERATOR_CHATS", "7")
    assert len(office.recorded()) == 1


def test_the_banks_own_words_stand_in_for_the_catalogues(office: Settling) -> None:
    words = OwnWords(WORDS, office.following)
    before = words.text("en", "waiting.closed", opens="Monday")
    office.change("waiting.closed/en", "Back on <b>{opens}</b>.")
    office.following.look()
    assert words.text("en", "waiting.closed", opens="<Monday>") == "Back on <b>&lt;Monday&gt;</b>."
    assert "Monday" in words.text("ru", "waiting.closed", opens="Monday")
    office.change("waiting.closed/en", None)
    office.following.look()
    assert words.text("en", "waiting.closed", opens="Monday") == before


def test_words_that_want_what_is_not_given_any_more_give_way_to_the_catalogues(office: Settling) -> None:
    with office.database.unit_of_work() as uow:
        uow.settings.put("waiting.closed/en", 1, "Back at {opens}, says {whoever}.", ADMIN)
    office.following.look()
    words = OwnWords(WORDS, office.following)
    assert words.text("en", "waiting.closed", opens="Monday") == WORDS.text("en", "waiting.closed", opens="Monday")
    assert not office.sees("waiting.closed/en").fits


def test_words_that_are_the_name_of_a_text_are_words(office: Settling) -> None:
    office.change("end.done/en", "end.done")
    office.following.look()
    assert OwnWords(WORDS, office.following).text("en", "end.done") == "end.done"


def test_another_bots_settings_are_its_own(office: Settling) -> None:
    office.change("OPERATOR_CHATS", "7")
    office.change("waiting.shut/en", "Closed.")
    other = Settling(another_bot(office.database.engine), {})
    other.following.look()
    assert other.following.policy.desk.chats == 3
    assert other.following.text("en", "waiting.shut") is None
    assert other.sees("OPERATOR_CHATS").version == 0


def test_a_value_that_this_version_does_not_know_is_left_out_and_shown(office: Settling) -> None:
    with office.database.unit_of_work() as uow:
        uow.settings.put("OPERATOR_CHATS", 1, "many", ADMIN)
        uow.settings.put("OFFER_SECONDS", 1, "30", ADMIN)
        uow.settings.put("GONE", 1, "30", ADMIN)
    office.following.look()
    assert (office.following.policy.desk.chats, office.following.policy.desk.offer) == (5, 30.0)
    seen = office.sees("OPERATOR_CHATS")
    assert (seen.fits, seen.value, seen.in_force) == (False, "many", "5")


def test_hours_days_and_who_answers_first_reach_the_rules(office: Settling) -> None:
    office.change("OPENING_HOURS", "mon-sun 9:00-18:00")
    office.change("TIME_ZONE", "Asia/Almaty")
    office.change("CLOSED_DAYS", "2027-06-15..2027-06-16, 2027-07-01")
    office.change("ANSWER_FIRST", "operators")
    office.following.look()
    rules = office.following.policy.waiting
    assert rules.hours.opens(datetime(2027, 6, 14, 20, tzinfo=UTC)) == datetime(2027, 6, 17, 4, tzinfo=UTC)
    assert rules.first is First.OPERATORS


def test_a_thread_of_a_process_takes_a_change_up(office: Settling) -> None:
    follows = office.following
    follows.start()
    try:
        office.change("OPERATOR_CHATS", "7")
        wait_until(lambda: follows.policy.desk.chats == 7, 60, "the change")
    finally:
        follows.stop()


def test_every_setting_that_may_change_has_a_variable_a_value_and_bounds_that_hold() -> None:
    defaults = EnvironmentDefaults(load_settings(ENVIRONMENT))
    for field in FIELDS:
        assert defaults.checked(field.name, defaults.value(field.name)) == defaults.value(field.name)
    assert (defaults.bounds("OPERATOR_CHATS").least, defaults.bounds("OPERATOR_CHATS").most) == (1, 50)


def test_a_changed_file_of_holidays_is_read_again_and_a_broken_one_leaves_what_was_known(
    tmp_path: Path, database: Database
) -> None:
    year = datetime.now(UTC).year + 1
    file = calendar(tmp_path, f"DTSTART;VALUE=DATE:{year}0615")
    settings = load_settings(ENVIRONMENT | {"HOLIDAYS_FILE": str(file)})
    following = make_own_running(settings, database, make_catalogues(settings))
    following.look()
    first, second = datetime(year, 6, 15, 12, tzinfo=UTC), datetime(year, 6, 16, 12, tzinfo=UTC)
    assert not following.policy.waiting.hours.is_open(first)
    calendar(tmp_path, f"DTSTART;VALUE=DATE:{year}0616\nSUMMARY:another day")
    assert following.look()
    assert following.policy.waiting.hours.is_open(first)
    assert not following.policy.waiting.hours.is_open(second)
    file.write_text("no calendar")
    assert following.look()
    assert not following.policy.waiting.hours.is_open(second)
