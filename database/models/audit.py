"""The audit log: one row per privileged act, never changed and never removed, and the tree that seals the rows."""

from datetime import datetime
from enum import StrEnum, auto
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, OwnedByBot
from database.types import BigId, db_now


class AuditAct(StrEnum):
    """What was done; each piece of the product adds its own, named as something that has happened."""

    ROLE_GRANTED = auto()
    ROLE_REVOKED = auto()
    AI_SWITCHED = auto()
    TEST_BEGUN = auto()
    PERSON_BARRED = auto()
    PERSON_LET_IN = auto()
    ROLE_ASKED_FOR = auto()
    ROLE_DECLINED = auto()
    STAFF_REVIEWED = auto()
    REFUSED = auto()
    DEAD_REPLAYED = auto()
    DEAD_DROPPED = auto()

    SIGNED_IN = auto()
    SIGN_IN_FAILED = auto()
    SIGN_IN_LOCKED = auto()
    SIGNED_OUT = auto()

    BROADCAST_DRAFTED = auto()
    BROADCAST_SUBMITTED = auto()
    BROADCAST_APPROVED = auto()
    BROADCAST_REJECTED = auto()
    BROADCAST_TAKEN_BACK = auto()
    BROADCAST_SCHEDULED = auto()
    BROADCAST_STARTED = auto()
    BROADCAST_PAUSED = auto()
    BROADCAST_RESUMED = auto()
    BROADCAST_CANCELLED = auto()
    BROADCAST_ENDED = auto()
    BROADCAST_LISTED = auto()
    BROADCAST_EXPORTED = auto()
    TAGS_CHANGED = auto()

    CHAT_TAKEN = auto()
    DIALOG_READ = auto()
    FILE_OPENED = auto()
    MESSAGE_TAKEN_BACK = auto()
    ANSWER_READ = auto()
    CHAT_PASSED_ON = auto()
    CHAT_WATCHED = auto()
    CHAT_CLOSED = auto()
    OPERATOR_ADDED = auto()
    OPERATOR_REVOKED = auto()
    PIN_ISSUED = auto()

    KNOWLEDGE_UPLOADED = auto()
    KNOWLEDGE_APPROVED = auto()
    KNOWLEDGE_REJECTED = auto()
    KNOWLEDGE_SCHEDULED = auto()
    KNOWLEDGE_RETIRED = auto()
    KNOWLEDGE_ROLLED_BACK = auto()
    GOLDEN_CHANGED = auto()

    SETTINGS_CHANGED = auto()
    SETTING_SET = auto()
    AUDIT_READ = auto()
    AUDIT_EXPORTED = auto()
    KEYS_ROTATED = auto()

    LINK_MADE = auto()
    LINK_REFUSED = auto()
    CALLBACK_TAKEN = auto()
    CALLBACK_DONE = auto()
    CALLBACKS_READ = auto()
    COMMENTS_READ = auto()

    REGISTERED = auto()
    CONSENT_GIVEN = auto()
    CONSENT_DECLINED = auto()
    OPTED_OUT = auto()
    CONSENT_WITHDRAWN = auto()
    DATA_EXPORTED = auto()
    ERASURE_WANTED = auto()
    ERASURE_HELD = auto()
    OPTED_IN = auto()
    ERASED = auto()

    DATA_KEY_DESTROYED = auto()
    HOLD_PLACED = auto()
    HOLD_LIFTED = auto()
    ARCHIVED = auto()
    ARCHIVE_RESTORED = auto()
    RETENTION_APPLIED = auto()


class AuditEvent(OwnedByBot, Base):
    """An act: who did what to which thing of ours.

    `actor` is a Telegram account, empty for the system and the command line; `subject` names a row of ours, such as
    `conversation:<uuid>`; `details` is a JSON object of ids, states and numbers. Nothing in it is personal beyond
    account numbers, so that a row never has to be erased. `stamp` is a keyed hash of the row (`Keyring.stamp`): who
    has the database alone cannot add one. Ids grow with time (UUIDv7), so that inserts go to one end of the index.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_bot_id_at", "bot_id", "at"),
        Index("ix_audit_events_bot_id_actor_at", "bot_id", "actor", "at"),
        Index("ix_audit_events_bot_id_subject_at", "bot_id", "subject", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(insert_default=db_now())
    act: Mapped[str]
    actor: Mapped[int | None] = mapped_column(BigInteger)
    subject: Mapped[str]
    details: Mapped[str]
    stamp: Mapped[bytes]


class AuditWaiting(OwnedByBot, Base):
    """An event that is not sealed yet; a trigger of `audit_events` writes the row, the sealer takes it away."""

    __tablename__ = "audit_waiting"

    number: Mapped[int] = mapped_column(BigId, primary_key=True)
    event_id: Mapped[UUID]


class AuditLeaf(Base):
    """A sealed event: its place in the bot's Merkle tree, and the hash that stands there."""

    __tablename__ = "audit_leaves"
    __table_args__ = (UniqueConstraint("bot_id", "event_id"),)

    bot_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[UUID]
    hash: Mapped[bytes]


class AuditTree(Base):
    """The tree of a bot as it is now; its lock lets one sealer at a time append.

    `peaks` are `size`'s (`utils.merkle.Frontier`), `checkpoint` is a signed note that vouches for them. What of it lies
    outside the database, and what the last check found, is kept for those who ask how things are.
    """

    __tablename__ = "audit_trees"

    bot_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    peaks: Mapped[bytes] = mapped_column(default=b"")
    checkpoint: Mapped[str] = mapped_column(default="")
    stored_size: Mapped[int] = mapped_column(BigInteger, default=0)
    checked_at: Mapped[datetime | None]
    checked_size: Mapped[int] = mapped_column(BigInteger, default=0)
    findings: Mapped[int] = mapped_column(default=0)
