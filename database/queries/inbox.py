"""Queries over accepted updates: accept, claim by lease, finish with fencing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, tuple_, update
from sqlalchemy.orm import aliased

from database.errors import StaleLease
from database.models import InboxRow, InboxState
from database.queries.scope import Queries, rowcount
from database.types import db_now

MAX_ATTEMPTS = 8
UNREADABLE = "unreadable"  # the kind of an update whose form the bot does not know


@dataclass(frozen=True)
class NewUpdate:
    """An update to accept; `body` is the job as text, sealed before it is stored.

    `chat_id` is 0 for an unreadable update that does not say whose it is: it is kept, and nobody works on it.
    """

    update_id: int
    chat_id: int
    kind: str
    body: str
    traceparent: str | None = None


@dataclass(frozen=True)
class ClaimedUpdate:
    """An update that this worker may work on until its lease ends; `attempt` fences every later write.

    Its job stays sealed until it is its turn, so that one that does not open fails alone.
    """

    update_id: int
    chat_id: int
    kind: str
    sealed: bytes | None
    attempt: int
    traceparent: str | None


class InboxQueries(Queries):
    """The inbox of one bot."""

    def accept(self, updates: Sequence[NewUpdate]) -> int:
        """Insert updates, skipping those that are there already; returns how many were new."""
        rows = [
            {
                "bot_id": self.bot_id,
                "update_id": item.update_id,
                "chat_id": item.chat_id,
                "kind": item.kind,
                "body": self.vault.seal(item.body, self._identity(item.update_id)),
                "traceparent": item.traceparent,
                "state": InboxState.NEW if item.chat_id or item.kind != UNREADABLE else InboxState.UNREADABLE,
            }
            for item in sorted(updates, key=lambda item: item.update_id)  # in any other order fronts may deadlock
        ]
        return self.insert_new(InboxRow, rows)

    def waiting_chats(self, limit: int, older_than: float = 0.0) -> list[int]:
        """Return chats with updates that nobody works on, longest-waiting first."""
        rows = self.execute(
            select(InboxRow.chat_id)
            .where(is_claimable(self.bot_id), InboxRow.received_at <= db_now(-older_than))
            .group_by(InboxRow.chat_id)
            .order_by(func.min(InboxRow.update_id))
            .limit(limit)
        )
        return list(rows.scalars())

    def has_open(self, chat_id: int) -> bool:
        """Return whether updates of a chat wait."""
        statement = select(InboxRow.update_id).where(is_claimable(self.bot_id), InboxRow.chat_id == chat_id).limit(1)
        return self.execute(statement).first() is not None

    def newer_than(self, seen: Mapping[int, int]) -> list[int]:
        """Return those of some chats in which updates wait that are newer than the one named for each."""
        statement = (
            select(InboxRow.chat_id, func.max(InboxRow.update_id))
            .where(is_claimable(self.bot_id), InboxRow.chat_id.in_(seen))
            .group_by(InboxRow.chat_id)
        )
        return [chat_id for chat_id, newest in self.session.execute(statement) if newest > seen[chat_id]]

    def claim(self, chat_ids: Collection[int], lease: float) -> list[ClaimedUpdate]:
        """Claim all open updates of chats that nobody else works on; the caller holds the chats' user rows locked."""
        other = aliased(InboxRow)
        busy = exists().where(
            other.bot_id == self.bot_id,
            other.chat_id == InboxRow.chat_id,
            other.state == InboxState.CLAIMED,
            other.lease_until > db_now(),
        )
        earlier = exists().where(  # an update that waits for its next attempt holds back those behind it
            other.bot_id == self.bot_id,
            other.chat_id == InboxRow.chat_id,
            other.state == InboxState.NEW,
            other.not_before > db_now(),
            other.update_id < InboxRow.update_id,
        )
        rows = self.execute(
            update(InboxRow)
            .where(is_claimable(self.bot_id), InboxRow.chat_id.in_(chat_ids), ~busy, ~earlier)
            .values(state=InboxState.CLAIMED, attempt=InboxRow.attempt + 1, lease_until=db_now(lease))
            .returning(InboxRow)
        ).scalars()
        return [
            ClaimedUpdate(row.update_id, row.chat_id, row.kind, row.body, row.attempt, row.traceparent)
            for row in sorted(rows, key=lambda row: row.update_id)
        ]

    def opened(self, claim: ClaimedUpdate) -> str:
        """Return a claimed update's job as text; raises EncryptionError when it does not open."""
        return self.vault.open(claim.sealed, self._identity(claim.update_id)) if claim.sealed else ""

    def finish(self, claims: Sequence[ClaimedUpdate]) -> None:
        """Mark updates done and forget their bodies; raises StaleLease when any was taken by somebody else."""
        done = case((InboxRow.kind == UNREADABLE, InboxState.UNREADABLE), else_=InboxState.DONE)
        self._leave(claims, state=done, body=None)

    def release(self, claims: Sequence[ClaimedUpdate]) -> None:
        """Give back updates whose turn has not come, as if they had not been claimed."""
        self._leave(claims, state=InboxState.NEW, attempt=InboxRow.attempt - 1)

    def retry(self, claim: ClaimedUpdate, error: str) -> bool:
        """Put a failed update back for later, or to the dead after MAX_ATTEMPTS; returns whether it died."""
        if claim.attempt >= MAX_ATTEMPTS:
            self._leave([claim], state=InboxState.DEAD, error=error)
            return True
        delay = min(2.0**claim.attempt, 60.0)
        self._leave([claim], state=InboxState.NEW, error=error, not_before=db_now(delay))
        return False

    def counts(self) -> dict[str, int]:
        """Return how many updates are in each state."""
        rows = self.session.execute(
            select(InboxRow.state, func.count()).where(InboxRow.bot_id == self.bot_id).group_by(InboxRow.state)
        )
        return {state: int(number) for state, number in rows}

    def _leave(self, claims: Sequence[ClaimedUpdate], **values: Any) -> None:
        keys = [(claim.update_id, claim.attempt) for claim in claims]
        result = self.execute(
            update(InboxRow)
            .where(
                InboxRow.bot_id == self.bot_id,
                InboxRow.state == InboxState.CLAIMED,
                tuple_(InboxRow.update_id, InboxRow.attempt).in_(keys),
            )
            .values(lease_until=None, **values)
        )
        if rowcount(result) != len(claims):
            raise StaleLease("an update was claimed by another worker meanwhile")

    def _identity(self, update_id: int) -> str:
        return f"inbox:{self.bot_id}:{update_id}:body"


def is_claimable(bot_id: int) -> ColumnElement[bool]:
    """Return the condition that an update waits and that nobody works on it."""
    return and_(
        InboxRow.bot_id == bot_id,
        InboxRow.state.in_((InboxState.NEW, InboxState.CLAIMED)),
        or_(InboxRow.state == InboxState.NEW, InboxRow.lease_until <= db_now()),
        or_(InboxRow.not_before.is_(None), InboxRow.not_before <= db_now()),
    )
