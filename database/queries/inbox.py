"""Queries over accepted updates: accept, claim by lease, finish with fencing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)

from database.errors import StaleLease
from database.models import InboxRow, InboxState
from database.queries.scope import Queries, rowcount, table
from database.types import db_now, seconds

MAX_ATTEMPTS = 8
_FORGOTTEN = frozenset({"sign_in_operator"})  # kinds of update whose body no dead row keeps: a PIN
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


def is_claimable(bot_id: int | BindParameter[int]) -> ColumnElement[bool]:
    """Return the condition that an update waits and that nobody works on it."""
    return and_(
        _INBOX.c.bot_id == bot_id,
        _INBOX.c.state.in_((InboxState.NEW, InboxState.CLAIMED)),
        or_(_INBOX.c.state == InboxState.NEW, _INBOX.c.lease_until <= db_now()),
        or_(_INBOX.c.not_before.is_(None), _INBOX.c.not_before <= db_now()),
    )


_INBOX = table(InboxRow)
_OTHER = _INBOX.alias("other")
_BOT = bindparam("bot", type_=BigInteger)
_IN_CHATS = and_(is_claimable(_BOT), _INBOX.c.chat_id.in_(bindparam("chats", expanding=True)))
_NEWEST = select(_INBOX.c.chat_id, func.max(_INBOX.c.update_id)).where(_IN_CHATS).group_by(_INBOX.c.chat_id)
_OF_THE_CHAT = and_(_OTHER.c.bot_id == _BOT, _OTHER.c.chat_id == _INBOX.c.chat_id)
_IS_BUSY = exists().where(_OF_THE_CHAT, _OTHER.c.state == InboxState.CLAIMED, _OTHER.c.lease_until > db_now())
# An update that waits for its next attempt holds back those behind it.
_IS_BEHIND = exists().where(
    _OF_THE_CHAT,
    _OTHER.c.state == InboxState.NEW,
    _OTHER.c.not_before > db_now(),
    _OTHER.c.update_id < _INBOX.c.update_id,
)
_CLAIM = (
    update(_INBOX)
    .where(_IN_CHATS, ~_IS_BUSY, ~_IS_BEHIND)
    .values(state=InboxState.CLAIMED, attempt=_INBOX.c.attempt + 1, lease_until=db_now(seconds("lease")))
    .returning(
        _INBOX.c.update_id,
        _INBOX.c.chat_id,
        _INBOX.c.kind,
        _INBOX.c.body,
        _INBOX.c.attempt,
        _INBOX.c.traceparent,
    )
)
_LEAVE = (
    update(_INBOX)
    .where(
        _INBOX.c.bot_id == _BOT,
        _INBOX.c.state == InboxState.CLAIMED,
        tuple_(_INBOX.c.update_id, _INBOX.c.attempt).in_(bindparam("keys", expanding=True)),
    )
    .values(lease_until=None)
)
_DONE = case((_INBOX.c.kind == UNREADABLE, InboxState.UNREADABLE), else_=InboxState.DONE)
_FINISH = _LEAVE.values(state=_DONE, body=None)
_RELEASE = _LEAVE.values(state=InboxState.NEW, attempt=_INBOX.c.attempt - 1)


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

    def newer_than(self, seen: Mapping[int, int]) -> list[int]:
        """Return those of some chats in which updates wait that are newer than the one named for each."""
        newest = self.run(_NEWEST, {"bot": self.bot_id, "chats": list(seen)})
        return [chat_id for chat_id, update_id in newest if update_id > seen[chat_id]]

    def claim(self, chat_ids: Collection[int], lease: float) -> list[ClaimedUpdate]:
        """Claim all open updates of chats that nobody else works on; the caller holds the chats' user rows locked."""
        rows = self.run(_CLAIM, {"bot": self.bot_id, "chats": list(chat_ids), "lease": lease})
        return sorted((ClaimedUpdate(*row) for row in rows), key=lambda claim: claim.update_id)

    def opened(self, claim: ClaimedUpdate) -> str:
        """Return a claimed update's job as text; raises EncryptionError when it does not open."""
        return self.vault.open(claim.sealed, self._identity(claim.update_id)) if claim.sealed else ""

    def finish(self, claims: Sequence[ClaimedUpdate]) -> None:
        """Mark updates done and forget their bodies; raises StaleLease when any was taken by somebody else."""
        self._leave(_FINISH, claims)

    def release(self, claims: Sequence[ClaimedUpdate]) -> None:
        """Give back updates whose turn has not come, as if they had not been claimed."""
        self._leave(_RELEASE, claims)

    def put_off(self, claim: ClaimedUpdate, seconds: float) -> None:
        """Give back an update that cannot be worked on for some seconds, as if it had not been claimed."""
        self._leave(_RELEASE.values(not_before=db_now(seconds)), [claim])

    def retry(self, claim: ClaimedUpdate, error: str) -> bool:
        """Put a failed update back for later, or to the dead after MAX_ATTEMPTS; returns whether it died."""
        if claim.attempt >= MAX_ATTEMPTS:
            forgotten = {"body": None} if claim.kind in _FORGOTTEN else {}
            self._leave(_LEAVE.values(state=InboxState.DEAD, error=error, **forgotten), [claim])
            return True
        delay = min(2.0**claim.attempt, 60.0)
        self._leave(_LEAVE.values(state=InboxState.NEW, error=error, not_before=db_now(delay)), [claim])
        return False

    def counts(self) -> dict[str, int]:
        """Return how many updates are in each state."""
        rows = self.session.execute(
            select(InboxRow.state, func.count()).where(InboxRow.bot_id == self.bot_id).group_by(InboxRow.state)
        )
        return {state: int(number) for state, number in rows}

    def _leave(self, statement: Update, claims: Sequence[ClaimedUpdate]) -> None:
        keys = [(claim.update_id, claim.attempt) for claim in claims]
        if rowcount(self.run(statement, {"bot": self.bot_id, "keys": keys})) != len(claims):
            raise StaleLease("an update was claimed by another worker meanwhile")

    def _identity(self, update_id: int) -> str:
        return f"inbox:{self.bot_id}:{update_id}:body"
