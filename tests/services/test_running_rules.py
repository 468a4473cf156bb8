"""Who may change which setting while the bot runs, to what, and what is told to everybody else."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from config import load_settings
from database.db import Database
from services.errors import NotPermitted
from services.policy import Policy
from services.running.errors import ChangedMeanwhile, NoSuchSetting, WrongValue
from services.running.following import Following
from services.wiring_running import EnvironmentDefaults
from tests.services.settling import ADMIN, AUDITOR, ENVIRONMENT, MODERATOR, SUPERVISOR, WORDS, Settling


@pytest.fixture
def office(database: Database) -> Settling:
    return Settling(database, {"OPERATOR_CHATS": "5"})


@pytest.mark.parametrize(
    ("name", "typed", "code"),
    [
        ("OPERATOR_CHATS", "many", "whole"),
        ("OPERATOR_CHATS", "0", "whole"),
        ("OPERATOR_CHATS", "51", "whole"),
        ("OPERATOR_CHATS", "2.5", "whole"),
        ("OFFER_SECONDS", "4", "number"),
        ("OFFER_SECONDS", "inf", "number"),
        ("OFFER_SECONDS", "nan", "number"),
        ("ANSWER_FIRST", "nobody", "choice"),
        ("ANSWER_UNREGISTERED", "perhaps", "switch"),
        ("OPENING_HOURS", "mon 9-18", "hours"),
        ("OPENING_HOURS", "mon-fri 9:00-25:00", "hours"),
        ("TIME_ZONE", "Moscow", "zone"),
        ("CLOSED_DAYS", "01.01.2027", "days"),
        ("CLOSED_DAYS", "2027-01-08..2027-01-01", "days"),
        ("EMERGENCY_PHONE", "call us", "phone"),
        ("FILE_TYPES", "pdf, ../x", "list"),
        ("DISPOSITION_CODES", " , ", "list"),
        ("DISPOSITION_CODES", "x" * 60, "too_long"),
        ("OPENING_HOURS", "mon 9:00-18:00, " * 60, "too_long"),
        ("waiting.closed/en", "We open {when}.", "placeholder"),
        ("waiting.closed/en", "We are closed.", "placeholder_missing"),
        ("waiting.shut/en", "<b>Closed", "markup"),
        ("waiting.shut/en", "<script>x</script>", "markup"),
        ("waiting.shut/en", "{0}", "braces"),
        ("waiting.shut/en", "Open {", "braces"),
        ("waiting.shut/en", "  ", "empty"),
        ("waiting.shut/en", "<b></b>", "empty"),
        ("waiting.shut/en", "x" * 3001, "too_long"),
    ],
)
def test_a_wrong_value_is_refused_by_the_settings_own_rules(office: Settling, name: str, typed: str, code: str) -> None:
    with pytest.raises(WrongValue) as refused:
        office.change(name, typed)
    assert refused.value.code == code
    for language in WORDS.languages:
        assert WORDS.text(language, f"settings.error.{code}", **refused.value.params)
    assert office.sees(name).version == 0
    assert office.recorded() == []


@pytest.mark.parametrize("by", [MODERATOR, 1])
def test_others_see_and_change_nothing(office: Settling, by: int) -> None:
    with pytest.raises(NotPermitted):
        office.sees("OPENING_HOURS", by)
    with pytest.raises(NotPermitted):
        office.change("OPENING_HOURS", "", by)


def test_a_supervisor_sets_hours_texts_and_the_desk_and_an_auditor_nothing(office: Settling) -> None:
    office.change("OPENING_HOURS", "mon-fri 9:00-18:00", by=SUPERVISOR)
    office.change("waiting.shut/en", "Closed.", by=SUPERVISOR)
    office.change("OPERATOR_CHATS", "2", by=SUPERVISOR)
    with pytest.raises(NotPermitted):
        office.change("USER_MESSAGES_PER_MINUTE", "2", by=SUPERVISOR)
    for name in ("OPENING_HOURS", "waiting.shut/en", "USER_MESSAGES_PER_MINUTE"):
        with pytest.raises(NotPermitted):
            office.change(name, "2", by=AUDITOR)


@pytest.mark.parametrize("name", ["ENCRYPTION_KEY", "BOT_TOKEN", "waiting.closed/xx", "consent.ask/en", "nothing", ""])
def test_nothing_else_may_be_changed(office: Settling, name: str) -> None:
    with pytest.raises(NoSuchSetting):
        office.change(name, "x")


def test_a_screen_of_before_changes_nothing(office: Settling) -> None:
    seen = office.sees("OPERATOR_CHATS").version
    office.change("OPERATOR_CHATS", "7", by=SUPERVISOR, seen=seen)
    with pytest.raises(ChangedMeanwhile) as refused:
        office.change("OPERATOR_CHATS", "9", seen=seen)
    assert refused.value.params == {"value": "7"}
    assert office.sees("OPERATOR_CHATS").value == "7"


def test_of_two_at_the_same_moment_one_is_told(office: Settling) -> None:
    with office.database.unit_of_work() as uow:
        assert uow.settings.put("OPERATOR_CHATS", 1, "7", ADMIN)
        assert not uow.settings.put("OPERATOR_CHATS", 1, "9", SUPERVISOR)
        assert uow.settings.revision() == 1


def test_days_that_never_end_keep_no_other_setting_from_being_taken_up(office: Settling) -> None:
    office.change("CLOSED_DAYS", "2027-01-01..9999-12-31")
    office.change("OPERATOR_CHATS", "7")
    office.following.look()
    assert office.following.policy.desk.chats == 7
    assert not office.following.policy.waiting.hours.is_open(datetime(2031, 1, 4, 12, tzinfo=UTC))


class _Broken(EnvironmentDefaults):
    """Rules that cannot be put together with a value which by itself is none of the wrong ones."""

    def policy(self, changed: Mapping[str, str]) -> Policy:
        if "OFFER_SECONDS" in changed:
            raise OverflowError
        return super().policy(changed)


def test_a_value_that_the_rules_break_on_is_left_out_alone(office: Settling) -> None:
    for name, value in (("OFFER_SECONDS", "30"), ("OPERATOR_CHATS", "7")):
        office.change(name, value)
    following = Following(office.database, _Broken(load_settings(ENVIRONMENT)))
    following.look()
    assert (following.policy.desk.offer, following.policy.desk.chats) == (45, 7)
