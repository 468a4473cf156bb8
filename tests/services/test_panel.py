"""The administrators' panel: sections, screens that take each other's place, and what is told about changes."""

from collections.abc import Sequence

import pytest

from config import ROOT
from database.db import Database
from services.access import Role
from services.administration import panel
from services.administration.jobs import Administer
from services.administration.screen import OPEN, Screen, Section, data, mark, require_fresh
from services.administration.sections import SECTIONS
from services.jobs import OpenAdmin, SwitchAi
from services.outbound import Outbound
from services.turn import Turn
from tests.services.bank import ADMIN, MODERATOR, Bank

SCREEN = 7  # the messenger's number of what a button stands under


@pytest.fixture
def bank(database: Database) -> Bank:
    bank = Bank(database)
    bank.grant(ADMIN, Role.ADMIN)
    bank.grant(MODERATOR, Role.MODERATOR)
    return bank


def last(bank: Bank) -> Outbound:
    return bank.outbound(ADMIN)[-1]


def opens(message: Outbound) -> list[str]:
    return [button.data for row in message.buttons for button in row]


def test_the_menu_leads_to_every_section_and_back(bank: Bank) -> None:
    bank.does(OpenAdmin(), ADMIN)
    menu = last(bank)
    assert menu.replaces is None
    assert " waiting=0 " in menu.html, "who asks is not among what waits"
    assert opens(menu) == ["ai:off", *(data(section.key) for section in SECTIONS), data("home", OPEN, 0, "")]
    for section in SECTIONS:
        bank.does(Administer(section=section.key, message_id=SCREEN), ADMIN)
        shown = last(bank)
        assert shown.replaces == SCREEN
        assert "en:admin.drawn time=" in shown.html
        assert opens(shown)[-2:] == [data(section.key, OPEN, 0, ""), data("home")]


def test_the_menu_leaves_out_no_section_that_was_written() -> None:
    files = [path for path in (ROOT / "services").rglob("*.py") if "\nSECTION = Section(" in path.read_text("utf-8")]
    assert len(files) == len(SECTIONS) == len({section.key for section in SECTIONS})


def test_the_switch_of_the_ai_redraws_the_panel_it_stands_in(bank: Bank) -> None:
    said = bank.does(SwitchAi(on=False, message_id=SCREEN), ADMIN)
    assert said[0] == "en:admin.ai_stopped"
    assert (last(bank).replaces, opens(last(bank))[0]) == (SCREEN, "ai:on")


@pytest.mark.parametrize(
    "job", [OpenAdmin(), Administer(section="users"), SwitchAi(on=False)], ids=lambda job: job.kind
)
@pytest.mark.parametrize("telegram_id", [1, MODERATOR])
def test_everybody_else_is_refused(bank: Bank, telegram_id: int, job: OpenAdmin | Administer | SwitchAi) -> None:
    assert bank.does(job, telegram_id) == ["en:refused.not_allowed"]


def test_an_open_screen_of_somebody_demoted_does_nothing_more(bank: Bank) -> None:
    bank.does(OpenAdmin(), ADMIN)
    with bank.database.unit_of_work() as uow:
        uow.roles.revoke(ADMIN, Role.ADMIN)
    for job in (Administer(section="users", message_id=SCREEN), SwitchAi(on=False, message_id=SCREEN)):
        assert bank.does(job, ADMIN) == ["en:refused.not_allowed"]


@pytest.mark.parametrize(
    "job",
    [
        Administer(section="none", message_id=7),
        Administer(section="users", act="none", message_id=7),
        Administer(section="users", act="bar"),
    ],
)
def test_a_button_of_another_version_is_stale(bank: Bank, job: Administer) -> None:
    assert bank.does(job, ADMIN) == ["en:button.stale"]


@pytest.mark.parametrize("typed", ["user", "x" * 4000])
def test_a_section_that_was_mistyped_is_named_above_those_there_are(bank: Bank, typed: str) -> None:
    [told] = bank.does(Administer(section=typed), ADMIN)
    assert told.startswith(f"en:admin.no_section section={typed[:32]}\n")
    assert data("users") in opens(last(bank))
    assert bank.does(Administer(section=typed), MODERATOR) == ["en:refused.not_allowed"]


def test_an_act_on_what_changed_meanwhile_says_so_and_redraws(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    def open_it(_turn: Turn, page: int, argument: str) -> Screen:
        return Screen(f"it is {argument or 'nothing'}", page=page, argument=argument)

    def act(_turn: Turn, arguments: Sequence[str]) -> Screen:
        require_fresh(arguments[1], "new")
        return Screen("done")

    section = Section("twin", "admin.users", SECTIONS[0].permission, open_it, {"act": act})
    monkeypatch.setattr(panel, "_BY_KEY", {"twin": section})
    told = [
        bank.does(Administer(section="twin", act="act", arguments=("row", mark(state)), message_id=SCREEN), ADMIN)
        for state in ("old", "new")
    ]
    assert told[0][0].startswith("en:admin.changed\n\nit is row")
    assert told[1][0].startswith("done")


def test_what_is_not_there_any_more_leads_back_to_the_beginning(bank: Bank) -> None:
    [told] = bank.does(Administer(section="users", arguments=("0", "@99")), ADMIN)
    assert told.startswith("en:admin.users.nobody\n\nen:admin.users.list")


def test_a_button_never_holds_more_than_telegram_takes() -> None:
    assert len(data("users", "open", 12345, "x" * 41)) == 64
    with pytest.raises(ValueError, match="more than a button holds"):
        data("users", "open", 12345, "я" * 41)


def test_words_longer_than_a_button_are_refreshed_from_the_beginning(bank: Bank) -> None:
    bank.does(Administer(section="users", arguments=("0", "+7" + " " * 60 + "9")), ADMIN)
    assert opens(last(bank))[-2] == data("users", OPEN, 0, "")
