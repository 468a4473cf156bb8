"""When an older key is needed no longer: what still hangs on it besides the rows and files that it sealed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from database.db import Database
from database.models import Rotation
from services.rotation import Rotator
from services.rotation_files import PLACE, FileRotator


@dataclass(frozen=True)
class Outlook:
    """How far it is: `left` rows under older keys by table, `files` not looked at, `unreadable` by none of the keys.

    `begun` is whether there ever was a rotation, `indexed` whether the blind index is all under its newest key.
    `links_until`: until then links hold that an older key signed; None when no rotation was begun. `acts` wait for
    their place in the audit log's tree.
    """

    left: dict[str, int]
    begun: bool
    files: int
    unreadable: int
    indexed: bool
    links_until: datetime | None
    acts: int

    @property
    def sealed(self) -> bool:
        """Whether nothing that can be read is under an older key."""
        return sum(self.left.values()) <= self.unreadable and not self.files and self.indexed


def outlook(database: Database, rotator: Rotator, files: FileRotator, reopen: timedelta) -> Outlook:
    """Return how things stand; `reopen` is for how long links back to a conversation hold."""
    with database.reading() as uow:
        places = uow.rotations.all()
        begun = min((row.created_at for row in places.values()), default=None)
        links = uow.rotations.links_until(begun) if begun else None
        acts = uow.rotations.unsealed_acts()
    return Outlook(
        left=rotator.left(),
        begun=begun is not None,
        files=files.left(),
        unreadable=sum(row.unreadable for place, row in places.items() if place != PLACE),
        indexed=_is_done(places.get("users")),
        links_until=max(filter(None, (links, begun + reopen))) if begun else None,
        acts=acts,
    )


def _is_done(row: Rotation | None) -> bool:
    return row is not None and row.done_at is not None
