"""What pages and reports are made of: chats with their context, the report's half-hours, canned replies by command."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from commands.desk import canned, desk
from database.db import Database
from database.models import Author, DeskAct, DeskEvent
from services.desk.desk import Desk
from services.desk.glance import glance
from services.desk.jobs import DeskVerb
from services.desk.noting import note
from services.desk.relaying import send_text
from services.desk.reporting import COLUMNS, rows
from services.desk.supervising import queue
from services.desk.taking import take_next
from services.errors import DeskRefusal
from tests.services.desking import ANNA, BORIS, Floor
from tests.services.settling import ENVIRONMENT

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def test_a_page_does_all_that_telegram_does(database: Database) -> None:
    floor = Floor.of(database, ANNA, BORIS)
    floor.register(1)
    floor.asks_for_person(1)
    floor.says(1, "where is my card?")
    with database.unit_of_work() as uow:
        page = Desk(uow, floor.tools, ANNA)
        assert [each.reason for each in queue(page)] == ["asked"]
        talk = take_next(page)
        note(page, talk, "in a hurry")
        send_text(page, talk, "one moment, not 4111 1111 1111 1111")
    with database.reading() as uow:
        page = Desk(uow, floor.tools, ANNA)
        seen = glance(page, None)
        [card], opened = seen.cards, seen.opened
        assert opened
        assert (card.name, card.current, card.waits, card.tier) == ("Person 1", True, False, "confirmed")
        assert card.phone.endswith("01")
        said = [(bubble.author, bubble.text) for bubble in opened.bubbles]
        assert said == [(Author.CUSTOMER, "where is my card?"), (Author.OPERATOR, "one moment, not •••• 1111")]
        assert [each.text for each in opened.notes] == ["in a hurry"]
        other = glance(Desk(uow, floor.tools, BORIS), card.id)
        assert (other.cards, other.opened) == ((), None), "a colleague reads nothing of it"
        before = uow.pulse.newest()
    assert "one moment" in floor.told(1)[-1]
    floor.says(1, "thank you")
    with database.reading() as uow:
        assert uow.pulse.newest() > before
        assert glance(Desk(uow, floor.tools, ANNA), None).cards[0].waits


def test_a_page_cannot_speak_for_a_colleague(database: Database) -> None:
    floor = Floor.of(database, ANNA, BORIS)
    floor.meet(ANNA, 1)
    with database.unit_of_work() as uow:
        other = Desk(uow, floor.tools, BORIS)
        talk = other.locked(floor.conversation(1).id)
        with pytest.raises(DeskRefusal, match="not_yours"):
            send_text(other, talk, "me too")


def event(  # noqa: PLR0913 - the columns of an event
    act: DeskAct,
    minutes: float,
    operator: int | None = None,
    seconds: float | None = None,
    *,
    line: int = 1,
    detail: str | None = None,
) -> DeskEvent:
    at = NOON + timedelta(minutes=minutes)
    return DeskEvent(act=act, at=at, operator_id=operator, seconds=seconds, line=line, detail=detail)


def test_the_report_counts_half_hours_by_line_and_operator() -> None:
    events = [
        event(DeskAct.QUEUED, 1),
        event(DeskAct.QUEUED, 2),
        event(DeskAct.OFFERED, 2, ANNA),
        event(DeskAct.TAKEN, 3, ANNA, 100.0),
        event(DeskAct.FIRST_REPLY, 4, ANNA, 20.0),
        event(DeskAct.ABANDONED, 10, None, 300.0),
        event(DeskAct.ENDED, 29.9, ANNA, 600.0),
        event(DeskAct.TAKEN, 30, ANNA, 500.0, line=2),
        event(DeskAct.PRESENCE, 40, ANNA, 900.0, detail="away:lunch"),
        event(DeskAct.PRESENCE, 41, ANNA, 60.0, detail="online"),
    ]
    found = [dict(zip(COLUMNS, row, strict=True)) for row in rows(events, promised=120.0)]
    first, hers, break_of_all, break_of_hers, second, second_hers = found
    assert first["start"] == "2026-05-04T12:00+00:00"
    assert [first[name] for name in ("offered", "answered", "abandoned", "service_level")] == ["2", "1", "1", "0.500"]
    assert [hers[name] for name in ("operator", "offered", "handling_seconds")] == [str(ANNA), "1", "600.0"]
    assert hers["first_reply_seconds"] == "20.0"
    assert [break_of_all["away_seconds"], break_of_hers["away_seconds"]] == ["900", "900"]
    assert [second["line"], second["service_level"], second_hers["answered"]] == ["2", "0.000", "1"]


@pytest.fixture
def promise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands find settings in their environment."""
    for name, value in (ENVIRONMENT | {"SERVICE_LEVEL_SECONDS": "60"}).items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("promise")
def test_the_report_is_written_as_csv(database: Database, tmp_path: Path) -> None:
    floor = Floor.of(database, ANNA)
    floor.meet(ANNA, 1)
    floor.says(ANNA, "hello")
    floor.acts(ANNA, DeskVerb.DONE)
    file = tmp_path / "desk.csv"
    assert CliRunner().invoke(desk, ["report", "--csv", str(file)], obj=database).exit_code == 0
    written = file.read_text().splitlines()
    assert written[0] == ",".join(COLUMNS)
    assert any(f",1,{ANNA},0,1,0,0,1.000," in line for line in written), written
    assert CliRunner().invoke(desk, ["report", "--to", "2020-01-01"], obj=database).output == written[0] + "\n"


@pytest.mark.usefixtures("promise")
def test_the_report_counts_by_the_wait_that_the_bank_promises(database: Database) -> None:
    with database.unit_of_work() as uow:
        taken = event(DeskAct.TAKEN, 3, None, 100.0)
        taken.bot_id = database.bot_id
        uow.session.add(taken)

    def level(*options: str) -> str:
        written = CliRunner().invoke(
            desk, ["report", "--from", "2026-05-04", "--to", "2026-05-05", *options], obj=database
        )
        [row] = written.output.splitlines()[1:]
        return row.split(",")[COLUMNS.index("service_level")]

    assert (level(), level("--promised", "100")) == ("0.000", "1.000")
    with database.unit_of_work() as uow:
        uow.settings.put("SERVICE_LEVEL_SECONDS", 1, "100", ANNA)
    assert level() == "1.000"


def test_canned_replies_by_command(database: Database) -> None:
    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(canned, words, obj=database)
        return done.exit_code, done.output

    assert run("add", "/Hello", "Good day, {name}!") == (0, "/hello is kept\n")
    assert run("add", "hello", "Добрый день!", "--language", "ru")[0] == 0
    assert run("list") == (0, "/hello [all] Good day, {name}!\n/hello [ru] Добрый день!\n")
    assert run("add", "two words", "x")[0] == 1
    assert run("remove", "hello", "--language", "kk")[0] == 1
    assert run("remove", "hello") == (0, "hello is gone\n")
