"""Queries for the rotation of keys: rows under older keys, table by table, and how far each table has come."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, Select, and_, bindparam, func, or_, select, update

from database.models import Attachment, AttachmentState, AuditWaiting, Link, Rotation
from database.queries.scope import Queries
from database.sealed import Vaulted

_KEY = "row_key"  # a parameter that no column is called like


class RotationQueries(Queries):
    """The rotation of one bot's keys; `target` names the keys that everything is to be under."""

    @property
    def target(self) -> str:
        """The public ids of the newest keys, of sealing and of the blind index."""
        return f"{self.vault.keyring.newest}:{self.vault.index.newest}"

    def hold(self, place: str) -> Rotation:
        """Return how far a place has come, locked until the commit; written if it is new."""
        new = {"cursor": "", "rows": 0, "left_out": 0, "unreadable": 0}
        self.insert_new(Rotation, [{"bot_id": self.bot_id, "target": self.target, "place": place, **new}])
        return self.session.scalars(self._mine().where(Rotation.place == place).with_for_update()).one()

    def all(self) -> dict[str, Rotation]:
        """Return how far all places have come that were begun, by their names."""
        return {row.place: row for row in self.session.scalars(self._mine())}

    def after(self, vaulted: Vaulted, cursor: str, limit: int) -> list[Any]:
        """Return keys of rows that come after a cursor and may be under older keys, in their order."""
        key = vaulted.key
        later = [key > key.type.python_type(cursor)] if cursor else []
        wanted = select(key).where(*self._older(vaulted), *later).order_by(key).limit(limit)
        return list(self.session.scalars(wanted))

    def locked(self, vaulted: Vaulted, keys: Collection[Any]) -> Sequence[Row[Any]]:
        """Return those of some rows that nobody else holds, locked until the commit.

        Who waits for nobody is part of no deadlock, in whatever order others lock their rows.
        """
        mine = select(vaulted.table).where(vaulted.table.c.bot_id == self.bot_id, vaulted.key.in_(keys))
        return self.session.execute(mine.with_for_update(key_share=True, skip_locked=True)).all()

    def write(self, vaulted: Vaulted, rows: Sequence[Mapping[str, Any]]) -> None:
        """Give locked rows other values; each mapping holds its key as `row_key` and all sealed and indexed columns."""
        if rows:
            columns: dict[str, BindParameter[Any]] = {
                name: bindparam(name) for name in (*vaulted.sealed, *vaulted.indexes)
            }
            own = and_(vaulted.table.c.bot_id == self.bot_id, vaulted.key == bindparam(_KEY))
            self.run(update(vaulted.table).where(own).values(columns), rows)

    def left(self, vaulted: Vaulted) -> int:
        """Return how many rows of a table hold anything under an older key."""
        older = self._older(vaulted, indexes=False)
        return self.session.scalar(select(func.count()).select_from(vaulted.table).where(*older)) or 0

    def files(self, cursor: str, limit: int, since: datetime | None = None) -> Sequence[Attachment]:
        """Return files that lie in storage, after a cursor, in their order; those stored since a moment, if given."""
        later = select(Attachment).where(*self._stored(cursor))
        if since is not None:
            later = later.where(Attachment.stored_at >= since)
        return self.session.scalars(later.order_by(Attachment.id).limit(limit)).all()

    def stored_after(self, cursor: str) -> int:
        """Return how many files lie in storage, after a cursor."""
        return self.session.scalar(select(func.count()).select_from(Attachment).where(*self._stored(cursor))) or 0

    def links_until(self, made_before: datetime) -> datetime | None:
        """Return until when links hold that were signed before a moment."""
        last = select(func.max(Link.expires_at)).where(Link.bot_id == self.bot_id, Link.created_at < made_before)
        return self.session.scalar(last)

    def unsealed_acts(self) -> int:
        """Return how many acts wait for their place in the audit log's tree, until when their stamps are needed."""
        mine = select(func.count()).select_from(AuditWaiting).where(AuditWaiting.bot_id == self.bot_id)
        return self.session.scalar(mine) or 0

    def _stored(self, cursor: str) -> tuple[ColumnElement[bool], ...]:
        stored = Attachment.bot_id == self.bot_id, Attachment.state == AttachmentState.STORED
        return (*stored, Attachment.id > int(cursor)) if cursor else stored

    def _mine(self) -> Select[Rotation]:
        return select(Rotation).where(Rotation.bot_id == self.bot_id, Rotation.target == self.target)

    def _older(self, vaulted: Vaulted, *, indexes: bool = True) -> tuple[ColumnElement[bool], ...]:
        """Return the condition that a row holds something sealed by an older key, or perhaps indexed by one."""
        columns, header = vaulted.table.c, self.vault.keyring.header
        sealed = [
            and_(columns[n].is_not(None), func.substr(columns[n], 1, len(header)) != header) for n in vaulted.sealed
        ]
        indexed = [columns[name].is_not(None) for name in vaulted.indexes] if indexes else []
        return columns.bot_id == self.bot_id, or_(*sealed, *indexed)
