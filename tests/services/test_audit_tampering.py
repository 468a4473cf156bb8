"""Whoever owns the tables changes, removes, adds, reorders or cuts off: a check finds each of 1,000 ways at random."""

from pathlib import Path
from random import Random

import pytest
from prometheus_client import Gauge

from database.db import Database
from database.models import AuditTree
from services.audit.checking import Check, Kind
from services.audit.checkpoint import Checkpoint
from services.audit.clerk import Clerk
from services.metrics import AUDIT_CHECKED, AUDIT_FINDINGS, AUDIT_STOPPED
from tests.services.auditing import Office
from tests.services.tampering import EVENTS, Tamperer
from utils.merkle import Frontier

TAMPERINGS = 1000


@pytest.fixture
def office(own_sqlite: Database, tmp_path: Path) -> Office:
    office = Office(own_sqlite, tmp_path / "objects")
    for part in (7, 1, EVENTS - 8):
        office.record(part)
    office.unlock()
    return office


def test_each_of_a_thousand_tamperings_is_found(office: Office) -> None:
    outside, events, missed = list(office.checkpoints.each_day()), office.events(), []
    assert not office.check().findings
    with office.database.unit_of_work() as uow:
        for seed in range(TAMPERINGS):
            savepoint = uow.session.begin_nested()
            done = Tamperer(uow, events, Random(seed)).act()  # noqa: S311 - the same ways each time
            uow.session.expire_all()
            if not Check(uow, office.notary, outside).run().number:
                missed.append((seed, done))
            savepoint.rollback()
    assert missed == []
    assert not office.check().findings, "nothing of it stayed"


def test_a_check_says_which_event_was_changed_removed_or_added(office: Office) -> None:
    first, second = office.events()[:2]
    office.by_hand("UPDATE audit_events SET actor = 1 WHERE id = :id", id=first.hex)
    office.by_hand("DELETE FROM audit_events WHERE id = :id", id=second.hex)
    assert [(finding.kind, finding.what) for finding in office.check().findings] == [
        (Kind.CHANGED, str(first)),
        (Kind.REMOVED, str(second)),
    ]


def test_a_tree_of_an_earlier_time_is_found_by_the_checkpoint_outside(office: Office) -> None:
    """The notes are genuine: only what lies outside the database knows better."""
    with office.database.unit_of_work() as uow:
        small = Frontier().grown(uow.audit_tree.hashes(0, 8))
        note = office.notary.sign(small, uow.now())
        tree = uow.session.get(AuditTree, office.database.bot_id)
        assert tree
        tree.size, tree.peaks, tree.checkpoint = 8, small.packed(), note
    office.by_hand("DELETE FROM audit_events WHERE id IN (SELECT event_id FROM audit_leaves WHERE position >= 8)")
    office.by_hand("DELETE FROM audit_leaves WHERE position >= 8")
    assert office.kinds() == {Kind.TRUNCATED}
    office.record(30, seal=False)
    office.clerk.work()
    assert office.size() == 38, "sealing goes on"
    newest = max(office.folder.rglob("*.json")).name
    assert newest == f"{EVENTS:012}.json", "but what does not continue the old tree gets no checkpoint outside"
    assert office.kinds() == {Kind.OTHER_ROOT}


def test_a_checkpoint_outside_that_was_changed_is_found(office: Office) -> None:
    newest = max(office.folder.rglob("*.json"))
    newest.write_text(newest.read_text().replace(f"\\n{EVENTS}\\n", f"\\n{EVENTS - 1}\\n"))
    assert office.kinds() == {Kind.NOT_VOUCHED_FOR}
    newest.write_text("nothing")
    assert office.kinds() == {Kind.NOT_VOUCHED_FOR}


def test_an_event_that_disappears_before_it_is_sealed_is_found(office: Office) -> None:
    office.record(1, seal=False)
    office.by_hand("DELETE FROM audit_events WHERE id NOT IN (SELECT event_id FROM audit_leaves)")
    assert office.kinds() == {Kind.REMOVED}
    office.record(2)
    assert (office.size(), office.kinds()) == (EVENTS + 2, {Kind.REMOVED})


def test_an_event_that_is_kept_from_the_sealer_is_found(office: Office) -> None:
    office.record(1, seal=False)
    office.by_hand("DELETE FROM audit_waiting")
    assert office.kinds() == {Kind.LEFT_OUT}


def test_a_leaf_of_another_bot_hides_no_event(office: Office) -> None:
    office.record(1, seal=False)
    office.by_hand("DELETE FROM audit_waiting")
    left_out = "SELECT 999, 0, id, x'00' FROM audit_events WHERE id NOT IN (SELECT event_id FROM audit_leaves)"
    office.by_hand(f"INSERT INTO audit_leaves (bot_id, position, event_id, hash) {left_out}")
    assert office.kinds() == {Kind.LEFT_OUT}


def test_the_alarm_of_a_log_that_does_not_go_on_stays_until_it_does(office: Office) -> None:
    patient = Clerk(office.database, office.notary, office.checkpoints, pause=3600.0, facts={})
    [newest] = [max(office.folder.rglob("*.json"))]
    kept = newest.read_text()
    newest.write_text(kept.replace(f"\\n{EVENTS}\\n", f"\\n{EVENTS + 9}\\n"))
    office.record(1, seal=False)
    patient.work()
    assert stopped() == 1
    patient.work()
    assert stopped() == 1, "that nothing is due proves nothing"
    newest.write_text(kept)
    office.by_hand("DELETE FROM duties")
    patient.work()
    assert stopped() == 0


def test_a_worker_that_starts_anew_knows_of_the_last_check(office: Office) -> None:
    office.by_hand("UPDATE audit_events SET actor = 99 WHERE id = :id", id=office.events()[0].hex)
    assert office.clerk.check().number == 1
    for gauge in (AUDIT_CHECKED, AUDIT_FINDINGS):
        gauge.set(0)  # as in a process that has just started
    office.clerk.daily()
    [[checked], [findings]] = [
        family.samples for gauge in (AUDIT_CHECKED, AUDIT_FINDINGS) for family in gauge.collect()
    ]
    assert (checked.value > 0, findings.value) == (True, 1)


def stopped() -> float:
    return value(AUDIT_STOPPED)


def value(gauge: Gauge) -> float:
    [family] = gauge.collect()
    return family.samples[0].value


def test_checkpoints_of_a_day_are_read_by_the_last(office: Office) -> None:
    (kept,) = office.checkpoints.each_day()
    assert isinstance(kept, Checkpoint)
    assert kept.size == EVENTS
