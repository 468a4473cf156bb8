"""Whoever owns the tables changes, removes, adds, reorders or cuts off: a check finds each of 1,000 ways at random."""

# ruff: noqa: S608 - the parts that statements are put together from are all here

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import text

from database.db import Database, UnitOfWork
from database.models import AuditTree
from services.audit.checking import Check, Kind
from services.audit.checkpoint import Checkpoint
from tests.services.auditing import Office
from utils.merkle import Frontier

EVENTS = 24
TAMPERINGS = 1000
STRINGS = {"act": ("signed_in", "x"), "subject": ("account:99", ""), "details": ("{}", '{"role":"auditor"}')}


@dataclass
class Tamperer:
    """Somebody with every right on the tables and none of the keys, who changes something at random."""

    uow: UnitOfWork
    events: list[UUID]
    dice: Random

    def act(self) -> str:
        """Do one thing and say what it was."""
        acts: tuple[Callable[[], str], ...] = (
            *(self.change, self.remove, self.insert, self.swap, self.truncate, self.change_leaf),
            *(self.remove_leaf, self.rewrite, self.change_head, self.hide_event, self.garbage),
        )
        return self.dice.choice(acts)()

    def change(self) -> str:
        column = self.dice.choice((*STRINGS, "actor", "at", "bot_id", "stamp"))
        value: object = {"actor": 4711, "at": "2026-01-01 00:00:00.000000", "bot_id": 1, "stamp": b"\0" * 20}.get(
            column
        )
        self.sql(f"UPDATE audit_events SET {column} = :v WHERE id = :id", v=value or self.dice.choice(STRINGS[column]))
        return f"{column} changed"

    def garbage(self) -> str:
        column, value = self.dice.choice((("at", "soon"), ("stamp", "text"), ("details", 7), ("actor", "nobody")))
        self.sql(f"UPDATE audit_events SET {column} = :v WHERE id = :id", v=value)
        return f"{column} garbled"

    def remove(self) -> str:
        self.sql("DELETE FROM audit_events WHERE id = :id")
        return "event removed"

    def hide_event(self) -> str:
        self.sql("DELETE FROM audit_events WHERE id = :id", "DELETE FROM audit_leaves WHERE event_id = :id")
        return "event and leaf removed"

    def insert(self) -> str:
        columns = "bot_id, at, act, actor, subject, details, stamp"
        copied = f"INSERT INTO audit_events (id, {columns}) SELECT :new, {columns} FROM audit_events WHERE id = :id"
        new = UUID(int=self.dice.getrandbits(128)).hex
        self.sql(copied, new=new)
        if self.dice.random() < 0.5:
            leaf = (
                "INSERT INTO audit_leaves SELECT bot_id, (SELECT size FROM audit_trees), :new, hash FROM audit_leaves"
            )
            self.sql(f"{leaf} WHERE event_id = :id", "DELETE FROM audit_waiting", new=new)
        return "event inserted"

    def swap(self) -> str:
        first, second = self.dice.sample(range(EVENTS), 2)
        move = "UPDATE audit_leaves SET position = :b WHERE position = :a"
        for a, b in ((first, 1000), (second, first), (1000, second)):
            self.sql(move, a=a, b=b)
        return "leaves swapped"

    def truncate(self) -> str:
        left = self.dice.randrange(EVENTS)
        last = "SELECT event_id FROM audit_leaves WHERE position >= :left"
        self.sql(
            f"DELETE FROM audit_events WHERE id IN ({last})",
            "DELETE FROM audit_leaves WHERE position >= :left",
            left=left,
        )
        if self.dice.random() < 0.5:
            self.head(left)
        return f"cut off after {left}"

    def change_leaf(self) -> str:
        self.sql("UPDATE audit_leaves SET hash = :v WHERE event_id = :id", v=self.dice.randbytes(32))
        return "leaf changed"

    def remove_leaf(self) -> str:
        self.sql("DELETE FROM audit_leaves WHERE event_id = :id")
        return "leaf removed"

    def change_head(self) -> str:
        self.sql("UPDATE audit_trees SET peaks = :v", v=self.dice.randbytes(64))
        return "peaks changed"

    def rewrite(self) -> str:
        """Change an event, and bring its leaf and the tree in step with it."""
        self.sql("UPDATE audit_events SET actor = 4711 WHERE id = :id")
        self.sql("UPDATE audit_leaves SET hash = :v WHERE event_id = :id", v=hashlib.sha256(b"\0forged").digest())
        self.head(EVENTS)
        return "history rewritten"

    def head(self, size: int) -> None:
        tree = Frontier().grown(self.uow.audit_tree.hashes(0, size))
        self.sql("UPDATE audit_trees SET size = :size, peaks = :peaks", size=tree.size, peaks=tree.packed())

    def sql(self, *statements: str, **values: object) -> None:
        values.setdefault("id", self.dice.choice(self.events).hex)
        for statement in statements:
            self.uow.session.execute(text(statement), values)


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


def test_checkpoints_of_a_day_are_read_by_the_last(office: Office) -> None:
    (kept,) = office.checkpoints.each_day()
    assert isinstance(kept, Checkpoint)
    assert kept.size == EVENTS
