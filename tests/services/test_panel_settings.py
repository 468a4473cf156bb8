"""The panel's sections of settings and of the system: what an administrator presses and types, and what is told."""

import pytest
from sqlalchemy import update

from database.db import Database
from database.models import Author, Delivery, Message
from sandbox.telegram.html import parse_html
from services.access import Role
from services.administration.jobs import Administer
from services.intake import Intake
from services.jobs import Job
from services.running.fields import FIELDS, TEXTS, Area, text_field
from services.turn import Tools
from tests.services.bank import ADMIN, Bank
from tests.services.settling import WORDS, Settling

SCREEN = 7  # the messenger's number of what a button stands under


@pytest.fixture
def bank(database: Database) -> Bank:
    bank = Bank(database, sheet=Settling(database, {"OPERATOR_CHATS": "5"}).sheet)
    bank.grant(ADMIN, Role.ADMIN)
    return bank


def buttons(bank: Bank) -> list[str]:
    return [button.data for row in bank.outbound(ADMIN)[-1].buttons for button in row]


def does(bank: Bank, section: str, act: str = "open", *arguments: str) -> str:
    """Press a button; returns the screen that comes."""
    job: Job = Administer(section=section, act=act, arguments=arguments, message_id=SCREEN)
    [said] = bank.does(job, ADMIN)
    return said


def types(bank: Bank, words: str) -> str:
    return does(bank, "settings", "open", "0", words)


def value(bank: Bank, name: str) -> str:
    with bank.database.reading() as uow:
        return bank.sheet.entry(uow, ADMIN, name).in_force


def test_areas_lead_to_settings_and_back(bank: Bank) -> None:
    assert "en:settings.panel" in does(bank, "settings")
    assert [data for data in buttons(bank) if "open:0:" in data][: len(Area)] == [
        f"admin:settings:open:0:{area}" for area in Area
    ]
    for area in Area:
        does(bank, "settings", "open", "0", area)
        shown = [data.rpartition(":")[2] for data in buttons(bank)]
        own = [field.name for field in FIELDS if field.area == area]
        assert set(own or [text_field(key, "en").name for key in TEXTS]) < set(shown)
        assert all(len(data.encode()) <= 64 for data in buttons(bank))


@pytest.mark.parametrize("name", [*(field.name for field in FIELDS), *(text_field(key, "ru").name for key in TEXTS)])
def test_every_setting_has_a_screen_whose_buttons_hold(bank: Bank, name: str) -> None:
    screen = does(bank, "settings", "open", "0", name)
    assert f"variable={name}" in screen
    assert all(len(data.encode()) <= 64 for data in buttons(bank))


def test_a_step_a_typed_value_and_the_way_back(bank: Bank) -> None:
    does(bank, "settings", "open", "0", "OPERATOR_CHATS")
    assert "admin:settings:put:OPERATOR_CHATS:0:6" in buttons(bank)
    assert "en:settings.changed before=5 after=6" in does(bank, "settings", "put", "OPERATOR_CHATS", "0", "6")
    assert "en:settings.changed before=6 after=9" in types(bank, "operator_chats 9")
    assert "en:settings.same" in types(bank, "OPERATOR_CHATS 9")
    assert "admin:settings:reset:OPERATOR_CHATS:2" in buttons(bank)
    assert "en:settings.changed before=9 after=5" in does(bank, "settings", "reset", "OPERATOR_CHATS", "2")
    assert value(bank, "OPERATOR_CHATS") == "5"


def test_hours_are_typed_with_their_colons(bank: Bank) -> None:
    assert "en:settings.changed" in types(bank, "OPENING_HOURS mon-fri 9:00-18:00, sat 10:00-14:00")
    assert value(bank, "OPENING_HOURS") == "mon-fri 9:00-18:00, sat 10:00-14:00"


def test_a_choice_and_a_switch_are_pressed(bank: Bank) -> None:
    does(bank, "settings", "open", "0", "ANSWER_FIRST")
    assert "admin:settings:put:ANSWER_FIRST:0:ai_when_busy" in buttons(bank)
    does(bank, "settings", "put", "ANSWER_FIRST", "0", "ai_when_busy")
    does(bank, "settings", "put", "PROTECT_CONTENT", "0", "false")
    assert (value(bank, "ANSWER_FIRST"), value(bank, "PROTECT_CONTENT")) == ("ai_when_busy", "false")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("OPERATOR_CHATS many", "settings.error.whole least=1 most=50"),
        ("USER_MESSAGES_PER_MINUTE 0", "settings.error.whole least=1 most=1000000"),
        ("OPERATOR_CHATS 51", "settings.error.whole"),
        ("OPENING_HOURS always", "settings.error.hours"),
        ("CLOSED_DAYS tomorrow", "settings.error.days"),
        ("waiting.closed/en closed", "settings.error.placeholder_missing names={opens}"),
        (f"FILE_TYPES {'pdf,' * 200}", "settings.error.too_long"),
    ],
)
def test_what_is_wrong_with_a_value_is_told_above_the_setting(bank: Bank, typed: str, told: str) -> None:
    name = typed.partition(" ")[0]
    before = value(bank, name)
    screen = types(bank, typed)
    assert screen.count(told) == 1, "the rule that was broken is not told again below"
    assert "settings.card" in screen
    assert value(bank, name) == before


@pytest.mark.parametrize("typed", ["NOTHING 5", "ENCRYPTION_KEY", "waiting.closed/xx hello"])
def test_a_setting_that_is_none_leads_to_the_beginning_with_a_word(bank: Bank, typed: str) -> None:
    screen = types(bank, typed)
    assert "settings.error.unknown" in screen
    assert "settings.panel" in screen


@pytest.mark.parametrize("act", ["put", "reset"])
def test_a_button_of_before_changes_nothing_and_shows_what_it_is_now(bank: Bank, act: str) -> None:
    types(bank, "OPERATOR_CHATS 9")
    screen = does(bank, "settings", act, "OPERATOR_CHATS", "0", "6")
    assert "settings.error.changed value=9" in screen
    assert "settings.card" in screen
    assert value(bank, "OPERATOR_CHATS") == "9"
    assert "admin.changed" in does(bank, "settings", act, "OPERATOR_CHATS", "x", "6")


def test_the_assistant_is_switched_in_the_section(bank: Bank) -> None:
    does(bank, "settings")
    assert buttons(bank)[0] == "admin:settings:ai:assistant:off"
    assert "admin.ai_stopped" in does(bank, "settings", "ai", "assistant", "off")
    assert "settings.same" in does(bank, "settings", "ai", "assistant", "off")
    assert buttons(bank)[0] == "admin:settings:ai:assistant:on"
    assert "admin.ai_started" in does(bank, "settings", "ai", "assistant", "on")
    assert "admin.changed" in does(bank, "settings", "ai", "assistant", "perhaps")


@pytest.mark.parametrize("language", WORDS.languages)
def test_every_kind_of_screen_can_be_said_in_every_language(sqlite: Database, language: str) -> None:
    bank = Bank(sqlite, sheet=Settling(sqlite, {}).sheet)
    bank.grant(ADMIN, Role.ADMIN)
    bank.register(ADMIN)
    tools = Tools(WORDS, bank.tools.running, bank.wakeups, bank.signals, bank.sheet)
    bank.intake = Intake(sqlite, tools, bank.limiter)
    with sqlite.unit_of_work() as uow:
        user = uow.users.get(ADMIN)
        assert user
        user.language = language
    kinds = {field.kind: field.name for field in FIELDS}
    screens = [types(bank, name) for name in ("", *Area, *kinds.values(), f"waiting.closed/{language}")]
    screens += [types(bank, "OPERATOR_CHATS 7"), types(bank, "OPERATOR_CHATS <b>"), does(bank, "system")]
    for screen in screens:
        assert parse_html(screen).text
        assert "{" not in screen.replace("{opens}", "")


def dead(bank: Bank) -> int:
    """Let a message have come to no end; returns its number."""
    bank.register(1)
    bank.asks("How much is the card?")
    bank.answering.run_due()
    with bank.database.unit_of_work() as uow:
        own = update(Message).where(Message.bot_id == bank.database.bot_id, Message.author == Author.AI)
        found = uow.session.execute(own.values(state=Delivery.DEAD, failures=12).returning(Message.id))
        return int(found.scalar_one())


def test_the_system_tells_what_the_last_check_of_the_log_found(bank: Bank) -> None:
    for findings in (0, 7):
        with bank.database.unit_of_work() as uow:
            uow.audit_tree.lock()
            uow.audit_tree.checked(3, findings)
        assert ("system.findings number=7" in does(bank, "system")) is bool(findings)


def test_the_system_shows_its_dead_letters_and_brings_one_back(bank: Bank) -> None:
    number = dead(bank)
    assert "system.queue.dead_messages" in does(bank, "system")
    assert buttons(bank)[0] == "admin:system:open:0:dead"
    does(bank, "system", "open", "0", "dead")
    assert buttons(bank)[:2] == [f"admin:system:open:0:message-{number}", "admin:system:all:dead"]
    assert "attempts=12" in does(bank, "system", "open", "0", f"message-{number}")
    assert "system.replayed number=1" in does(bank, "system", "replay", f"message-{number}")
    assert "system.gone" in does(bank, "system", "replay", f"message-{number}")
    assert "system.gone" in does(bank, "system", "drop", f"message-{number}", "outdated")


def test_one_is_given_up_with_a_reason_and_all_get_another_life(bank: Bank) -> None:
    number = dead(bank)
    assert "admin.changed" in does(bank, "system", "drop", f"message-{number}", "because")
    assert "admin.changed" in does(bank, "system", "drop", "nothing", "outdated")
    assert "system.dropped" in does(bank, "system", "drop", f"message-{number}", "outdated")
    assert "system.replayed number=0" in does(bank, "system", "all", "dead")
