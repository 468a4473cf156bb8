"""Somebody who owns the tables of the audit log and has none of its keys, at work at random."""

# ruff: noqa: S608 - the parts that statements are put together from are all here

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from uuid import UUID

from sqlalchemy import text

from database.db import UnitOfWork
from utils.merkle import Frontier

EVENTS = 24
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
