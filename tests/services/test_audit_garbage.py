"""Rows that hold what is no value of their columns, as SQLite lets anybody write: found, and they stop nothing."""

# ruff: noqa: S608 - the parts that statements are put together from are all here

from pathlib import Path

import pytest

from database.db import Database
from services.audit import checking
from services.audit.checking import Kind
from tests.services.auditing import Office
from tests.services.tampering import EVENTS


@pytest.fixture
def office(own_sqlite: Database, tmp_path: Path) -> Office:
    office = Office(own_sqlite, tmp_path / "objects")
    office.record(EVENTS)
    office.unlock()
    return office


GARBAGE = [("at", "soon"), ("stamp", "text"), ("actor", "nobody"), ("id", "no key")]


@pytest.mark.parametrize(("column", "value"), GARBAGE)
def test_a_row_of_garbage_that_waits_stops_nothing_and_is_found(office: Office, column: str, value: str) -> None:
    office.record(3, seal=False)
    waits = "number = (SELECT min(number) FROM audit_waiting)"
    oldest = f"(SELECT event_id FROM audit_waiting WHERE {waits})"
    office.by_hand(f"UPDATE audit_events SET {column} = :v WHERE id = {oldest}", v=value)
    office.clerk.work()
    assert (office.size(), office.clerk.waits()) == (EVENTS + 2, 0)
    [finding, *lost] = sorted(office.check().findings, key=lambda found: found.kind)
    assert finding.kind == Kind.INSERTED
    assert [found.kind for found in lost] == [Kind.REMOVED] * (column == "id"), "its place in the queue is left"
    assert office.clerk.check().number == 1 + len(lost)


@pytest.mark.parametrize("change", ["hash = 'text'", "event_id = 'no key'"])
def test_garbage_in_the_tree_is_found(office: Office, change: str) -> None:
    office.by_hand(f"UPDATE audit_leaves SET {change} WHERE position = 3")
    assert Kind.CHANGED in office.kinds()


def test_garbage_in_the_queue_is_found(office: Office) -> None:
    office.record(1, seal=False)
    office.by_hand("UPDATE audit_waiting SET event_id = 'no key'")
    assert office.kinds() == {Kind.LEFT_OUT, Kind.REMOVED}


def test_however_many_were_kept_from_the_sealer_all_are_found(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "_STRIDE", 3)
    office.record(7, seal=False)
    office.by_hand("DELETE FROM audit_waiting")
    assert office.check().number == 7
