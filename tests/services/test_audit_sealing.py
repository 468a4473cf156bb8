"""The sealer: what was recorded is in the tree once, whoever seals or is killed, and checkpoints lie outside."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from database.db import Database
from database.models import AuditAct
from services.audit.checking import Kind
from services.audit.checkpoint import Notary
from services.audit.errors import NotVouchedFor
from services.audit.sealing import Sealer
from tests.database.fixtures import another_bot
from tests.database.threads import together
from tests.deploy.waiting import wait_until
from tests.services.auditing import Office
from utils.merkle import Frontier


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path / "objects")


def test_what_was_recorded_is_sealed_and_checked(office: Office) -> None:
    office.record(5)
    office.record(3)
    report = office.check()
    assert (report.size, report.waiting, report.checkpoints, report.findings) == (8, 0, 2, [])
    assert office.clerk.waits() == 0


def test_what_waits_is_counted_and_no_finding(office: Office) -> None:
    office.record(2, seal=False)
    wait_until(lambda: office.clerk.waits() > 0)  # SQLite's clock goes by milliseconds
    assert (office.check().waiting, office.check().findings) == (2, [])


def test_many_sealers_append_each_event_once(office: Office) -> None:
    office.record(40, seal=False)
    sealer = Sealer(office.database, office.notary, office.checkpoints, pause=0.0)

    def seal(_: int) -> int:
        return sealer.seal()

    taken = sum(together(seal)) + sealer.seal()
    assert taken == 40
    assert (office.size(), office.kinds()) == (40, set())


class Dying(Notary):
    """A notary in whose hands the sealer dies, with the leaves written and nothing committed."""

    def sign(self, tree: Frontier, at: datetime) -> str:
        """Die."""
        raise RuntimeError(f"killed at {tree.size}, {at}")


def test_a_sealer_that_dies_before_its_commit_leaves_all_to_the_next(office: Office) -> None:
    office.record(5)
    office.record(5, seal=False)
    dying = Sealer(office.database, Dying(office.database.bot_id, office.seeds), office.checkpoints, pause=0.0)
    with pytest.raises(RuntimeError, match="killed at 10"):
        dying.seal()
    assert office.size() == 5
    office.clerk.work()
    assert (office.size(), office.kinds()) == (10, set())


def test_an_event_that_commits_late_is_sealed_later(office: Office) -> None:
    if office.database.system == "sqlite":
        office.record(1)  # one writer at a time: nobody can be late
        assert office.size() == 1
        return
    with office.database.unit_of_work() as slow:
        slow.audit.record(AuditAct.SIGNED_IN, actor=1)
        slow.audit.write()
        office.record(3)
        assert office.size() == 3
    office.clerk.work()
    assert (office.size(), office.kinds()) == (4, set())


def test_nobody_changes_or_removes_a_row(office: Office) -> None:
    office.record(2)
    for statement in (
        "UPDATE audit_events SET actor = 1 WHERE bot_id = :bot",
        "DELETE FROM audit_events WHERE bot_id = :bot",
        "UPDATE audit_leaves SET position = position + 100 WHERE bot_id = :bot",
        "DELETE FROM audit_leaves WHERE bot_id = :bot",
    ):
        with pytest.raises(DBAPIError, match="append-only"), office.database.unit_of_work() as uow:
            uow.session.execute(text(statement), {"bot": office.database.bot_id})
    assert office.kinds() == set()


def test_a_row_that_nobody_of_ours_recorded_is_never_sealed(office: Office) -> None:
    office.record(2)
    with office.database.unit_of_work() as uow:
        uow.session.execute(
            text(
                "INSERT INTO audit_events (id, bot_id, at, act, actor, subject, details, stamp)"
                " SELECT :id, bot_id, at, act, 99, subject, details, stamp FROM audit_events"
                " WHERE bot_id = :bot AND actor = 0"
            ),
            {"id": "00000000000000000000000000000007", "bot": office.database.bot_id},
        )
    assert office.kinds() == {Kind.INSERTED}
    office.record(1)
    assert (office.size(), office.kinds()) == (3, {Kind.INSERTED})


def test_each_bot_has_its_own_tree(office: Office, tmp_path: Path) -> None:
    other = Office(another_bot(office.database.engine), tmp_path / "objects")
    office.record(3)
    other.record(2)
    assert (office.size(), other.size()) == (3, 2)
    assert office.kinds() | other.kinds() == set()


def test_a_checkpoint_goes_outside_once_per_growth(office: Office) -> None:
    office.record(3)
    kept = sorted(path.name for path in office.folder.rglob("*.json"))
    office.clerk.work()
    office.record(1)
    assert kept == ["000000000003.json"]
    assert sorted(path.name for path in office.folder.rglob("*.json")) == [*kept, "000000000004.json"]


def test_a_checkpoint_that_lies_outside_is_never_written_over(office: Office) -> None:
    office.record(3)
    [kept] = office.folder.rglob("*.json")
    first = kept.read_text()
    with office.database.unit_of_work() as uow:
        uow.audit_tree.stored(0)  # as if whoever put it was killed before the commit
    office.clerk.work()
    assert (kept.read_text(), list(office.folder.rglob("*.json")), office.kinds()) == (first, [kept], set())
    other = Frontier().grown([b"x" * 32] * 3)
    day = office.notary.read(json.loads(first)["checkpoint"]).at  # another day has another folder
    with pytest.raises(NotVouchedFor, match="another log of 3 events"):
        office.checkpoints.put(office.notary.sign(other, day), other)
    assert kept.read_text() == first


def test_a_checkpoint_waits_for_its_time(office: Office) -> None:
    patient = Sealer(office.database, office.notary, office.checkpoints, pause=1000.0)
    office.record(1, seal=False)
    patient.seal()
    first = patient.publish()
    office.record(1, seal=False)
    patient.seal()
    assert (first and first.size, patient.publish()) == (1, None)


def test_a_strange_key_seals_nothing(office: Office) -> None:
    office.record(3)
    stranger = Office(office.database, office.folder, seeds=(bytes(32),))
    stranger.record(2, seal=False)
    with pytest.raises(NotVouchedFor):
        stranger.clerk._sealer.seal()
    assert Kind.NOT_VOUCHED_FOR in stranger.kinds()
    successor = Office(office.database, office.folder, seeds=(bytes(32), *office.seeds))
    successor.clerk.work()
    assert (successor.size(), successor.kinds()) == (5, set())


def test_the_daily_check_is_made_once_a_day_and_remembered(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    office.clerk.daily()
    assert not caplog.records, "there is nothing to check"
    office.record(3)
    office.clerk.daily()
    office.clerk.daily()
    said = [record for record in caplog.records if record.message == "audit log checked"]
    assert len(said) == 1
    with office.database.reading() as uow:
        tree = uow.audit_tree.head()
    assert tree
    assert (tree.checked_size, tree.findings) == (3, 0)
    assert said[0].__dict__["checkpoint"] == tree.checkpoint
