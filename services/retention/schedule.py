"""The schedule: which class of data is kept for how many days, and what is kept for good."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from database.queries.retention import CLASSES, Overdue

CONVERSATIONS, FILES, ARCHIVES = "conversations", "files", "archives"
_ALL = (CONVERSATIONS, FILES, ARCHIVES, *CLASSES)
FOR_GOOD = {
    "audit": "what was done and by whom is never removed",
    "consents": "they prove what a customer agreed to; they go with the customer",
    "data keys": "without them nothing in an archive opens; one is destroyed when its customer is erased",
    "legal holds": "those in force: they say why something is kept",
}


@dataclass(frozen=True)
class Schedule:
    """Days by class, 0 to keep it; `idle` is after how many days of silence a talk with the AI counts as closed."""

    days: Mapping[str, int]
    idle: int = 0

    def due(self, now: datetime) -> Iterator[tuple[str, datetime]]:
        """Yield the classes that are not kept for good, with the moment before which they go: dialogs first."""
        for kind in _ALL:
            if days := self.days.get(kind, 0):
                yield kind, now - timedelta(days=days)

    def kept(self) -> list[str]:
        """Return the classes that the schedule keeps."""
        return [kind for kind in _ALL if not self.days.get(kind, 0)]


@dataclass(frozen=True)
class Planned:
    """What a run would do with a class: `unarchived` of its rows have to be archived first, `needed` leave first.

    An archive is needed as long as a conversation that it holds is in the database.
    """

    kind: str
    days: int
    before: datetime
    overdue: Overdue
    unarchived: int = 0
    needed: int = 0

    @property
    def goes(self) -> int:
        """How many rows go, if all that is held is archived too."""
        return max(0, self.overdue.rows - self.overdue.held - self.unarchived - self.needed)
