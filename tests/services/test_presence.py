"""What runs, which leases hang: told by the processes themselves, and shown in words to those who operate the bot."""

import pytest
from click.testing import CliRunner
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from commands.system import status
from database.db import Database
from database.models import InboxRow, InboxState
from database.models import Presence as PresenceRow
from database.queries.presence import Running
from database.types import db_now
from services.access import Role
from services.jobs import OpenAdmin, ShowPrivacy
from services.metrics import BREAKER_OPEN
from services.presence import ALIVE, Presence
from tests.deploy.waiting import wait_until
from tests.services.bank import ADMIN, Bank


def running(database: Database) -> dict[str, Running]:
    with database.reading() as uow:
        return {part.part: part for part in uow.presences.running(ALIVE)}


def silent(database: Database, seconds: float) -> None:
    """Let all that runs have said nothing for some seconds."""
    with database.unit_of_work() as uow:
        uow.session.execute(
            update(PresenceRow).where(PresenceRow.bot_id == database.bot_id).values(seen_at=db_now(-seconds))
        )


def say(database: Database, part: str, process: str, *breakers: str) -> None:
    with database.unit_of_work() as uow:
        uow.presences.beat(part, process, breakers)


def test_processes_are_counted_by_their_part(database: Database) -> None:
    for process in ("one:1", "one:2", "one:1"):
        say(database, "worker", process)
    say(database, "front", "one:3")
    assert {name: part.number for name, part in running(database).items()} == {"front": 1, "worker": 2}


def test_one_that_says_nothing_any_more_is_not_counted_and_later_forgotten(database: Database) -> None:
    say(database, "worker", "one:1", "model")
    silent(database, ALIVE + 600)
    gone = running(database)["worker"]
    assert (gone.number, gone.breakers) == (0, ())
    assert gone.silent == pytest.approx(ALIVE + 600, abs=60)
    silent(database, 90_000)
    say(database, "front", "one:2")
    assert set(running(database)) == {"front"}


def test_a_process_says_that_it_ends(database: Database) -> None:
    presence = Presence(database, "api")
    presence.start()
    wait_until(lambda: "api" in running(database))
    presence.stop()
    assert "api" not in running(database)


def test_a_database_that_is_away_stops_no_process(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = 0

    def away() -> None:
        nonlocal tried
        tried += 1
        raise OperationalError("select", {}, Exception("away"))

    monkeypatch.setattr(database, "unit_of_work", away)
    presence = Presence(database, "api")
    presence.start()
    wait_until(lambda: tried > 0)
    presence.stop()
    assert tried == 2, "once for each: that it is there, and that it ends"


def test_open_breakers_are_told(database: Database) -> None:
    BREAKER_OPEN.labels("of this test").set(1)
    try:
        Presence(database, "worker").beat()
    finally:
        BREAKER_OPEN.remove("of this test")
    assert "of this test" in running(database)["worker"].breakers


def hang(bank: Bank, seconds: float) -> None:
    """Leave an update in the hands of somebody whose lease ran out."""
    bank.accept(ShowPrivacy())
    with bank.database.unit_of_work() as uow:
        uow.session.execute(
            update(InboxRow)
            .where(InboxRow.bot_id == bank.database.bot_id)
            .values(state=InboxState.CLAIMED, lease_until=db_now(-seconds))
        )


def test_a_lease_that_ran_out_is_overdue_and_one_that_runs_is_not(database: Database) -> None:
    def overdue() -> dict[str, float]:
        with database.reading() as uow:
            return {lease.queue: lease.seconds for lease in uow.leases.overdue()}

    bank = Bank(database)
    assert overdue() == {"inbox_leases": 0, "answer_leases": 0, "sending": 0}
    hang(bank, -60)
    assert overdue()["inbox_leases"] == 0
    hang(bank, 600)
    assert overdue()["inbox_leases"] == pytest.approx(600, abs=60)


def test_the_command_says_it_in_words(database: Database) -> None:
    assert "nothing has run for a day" in CliRunner().invoke(status, obj=database).output
    say(database, "worker", "one:1", "model")
    say(database, "front", "one:2")
    hang(Bank(database), 60)
    lines = CliRunner().invoke(status, obj=database).output.splitlines()
    assert lines[:2] == ["     1 × front", "     1 × worker, breaker open: model"]
    [lease] = [line for line in lines if "lease of inbox_leases" in line]
    assert "nobody has taken it up" in lease
    silent(database, 90)
    assert "     0 × front, nothing heard for 9" in CliRunner().invoke(status, obj=database).output


def test_the_administrator_sees_it(database: Database) -> None:
    bank = Bank(database)
    bank.grant(ADMIN, Role.ADMIN)
    for process in ("one:1", "one:2"):
        say(database, "worker", process, "model")
    [panel] = bank.does(OpenAdmin(), ADMIN)
    system = panel.partition("admin.system ")[2]
    assert system.startswith("front=0 worker=2 scheduler=0 api=0 oldest=0 leases=0 breakers=model knowledge=")
