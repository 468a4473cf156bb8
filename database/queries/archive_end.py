"""Queries over archives whose time is over, and over who or what still needs them."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, select, update

from database.models import Archive, ArchivedConversation, ArchiveState, Conversation, DataKey
from database.queries.hold import HoldQueries
from database.queries.retention import Overdue
from database.queries.scope import Queries, rowcount


class ArchiveEndQueries(Queries):
    """The archives of one bot that are older than they may be; their age is that of the day they are of."""

    def overdue(self, before: datetime) -> tuple[Overdue, int]:
        """Count archives of days before a moment, and those not held whose conversations are in the database still."""
        rows, held = self._count(before), self._count(before, self._held())
        return Overdue(rows, held), self._count(before, ~self._held(), self._needed())

    def over(self, before: datetime) -> list[Archive]:
        """Return archives of days before a moment that nobody and nothing needs, the oldest first."""
        may = select(Archive).where(*self._over(before), ~self._held(), ~self._needed())
        return list(self.session.scalars(may.order_by(Archive.id)))

    def customers(self, archive_id: UUID) -> set[int]:
        """Return the accounts of those whose conversations an archive holds."""
        of_it = ArchivedConversation.bot_id == self.bot_id, ArchivedConversation.archive_id == archive_id
        keys = select(DataKey.telegram_id).join(ArchivedConversation, ArchivedConversation.key_id == DataKey.id)
        return set(self.session.scalars(keys.where(*of_it)))

    def end(self, archive_id: UUID, before: datetime) -> bool:
        """Let nobody count on an archive any more, unless it is needed after all; returns whether it ended."""
        may = update(Archive).where(Archive.id == archive_id, *self._over(before), ~self._held(), ~self._needed())
        if not rowcount(self.execute(may.values(state=ArchiveState.ABANDONED))):
            return False
        of_it = ArchivedConversation.bot_id == self.bot_id, ArchivedConversation.archive_id == archive_id
        self.execute(delete(ArchivedConversation).where(*of_it))
        return True

    def _count(self, before: datetime, *conditions: ColumnElement[bool]) -> int:
        counted = select(func.count()).select_from(Archive).where(*self._over(before), *conditions)
        return int(self.session.scalar(counted) or 0)

    def _over(self, before: datetime) -> tuple[ColumnElement[bool], ...]:
        day = before.astimezone(UTC).date()
        return Archive.bot_id == self.bot_id, Archive.state == ArchiveState.VERIFIED, Archive.day < day

    def _held(self) -> ColumnElement[bool]:
        under_hold = HoldQueries(self.scope).holds(DataKey.telegram_id)
        return exists().where(self._inside(), DataKey.id == ArchivedConversation.key_id, under_hold)

    def _needed(self) -> ColumnElement[bool]:
        return exists().where(self._inside(), Conversation.id == ArchivedConversation.conversation_id)

    def _inside(self) -> ColumnElement[bool]:
        return ArchivedConversation.archive_id == Archive.id
