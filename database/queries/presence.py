"""Queries over processes that say they are there."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from database.models import Presence
from database.queries.scope import Queries, rowcount
from database.types import db_now

_FORGOTTEN = 86_400.0  # seconds after which a process that said nothing more is no news


@dataclass(frozen=True)
class Running:
    """The processes of a part: how many, and for how many seconds the one seen last has said nothing.

    `number` counts those seen within the seconds asked for; `breakers` are those that any of them has open.
    """

    part: str
    number: int
    silent: float
    breakers: tuple[str, ...]


@dataclass(frozen=True)
class Process:
    """One process: the part that it is, its machine and number, and for how many seconds it has said nothing."""

    part: str
    process: str
    silent: float


class PresenceQueries(Queries):
    """The processes of one bot."""

    def beat(self, part: str, process: str, breakers: Sequence[str] = ()) -> None:
        """Say that a process is there, and which of its breakers are open."""
        self.execute(delete(Presence).where(Presence.bot_id == self.bot_id, Presence.seen_at <= db_now(-_FORGOTTEN)))
        told = ",".join(sorted(breakers))
        own = (Presence.bot_id == self.bot_id, Presence.part == part, Presence.process == process)
        result = self.execute(update(Presence).where(*own).values(seen_at=db_now(), breakers=told))
        if not rowcount(result):
            row = {"bot_id": self.bot_id, "part": part, "process": process, "breakers": told}
            self.insert_new(Presence, [row])

    def leave(self, part: str, process: str) -> None:
        """Say that a process ends."""
        self.execute(
            delete(Presence).where(Presence.bot_id == self.bot_id, Presence.part == part, Presence.process == process)
        )

    def processes(self) -> list[Process]:
        """Return all processes that said anything within a day."""
        statement = select(Presence.part, Presence.process, Presence.seen_at, db_now()).where(
            Presence.bot_id == self.bot_id
        )
        found = self.session.execute(statement.order_by(Presence.part, Presence.process))
        return [Process(part, name, max(0.0, (now - seen_at).total_seconds())) for part, name, seen_at, now in found]

    def running(self, within: float) -> list[Running]:
        """Return the parts that said anything within a day, with those of their processes seen within some seconds."""
        statement = select(
            Presence.part, Presence.breakers, Presence.seen_at, Presence.seen_at > db_now(-within), db_now()
        ).where(Presence.bot_id == self.bot_id)
        found: dict[str, Running] = {}
        for part, breakers, seen_at, there, now in self.session.execute(statement):
            known = found.get(part, Running(part, 0, float("inf"), ()))
            opened = {*known.breakers, *(breakers.split(",") if there and breakers else ())}
            silent = min(known.silent, max(0.0, (now - seen_at).total_seconds()))
            found[part] = Running(part, known.number + bool(there), silent, tuple(sorted(opened)))
        return [found[part] for part in sorted(found)]
