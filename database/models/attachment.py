"""Files that customers and the staff send each other: what the messenger calls them, and what became of their bytes."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created, OwnedByBot
from database.sealed import Sealed
from database.types import BigId


class AttachmentState(StrEnum):
    """Whether the bytes are in our own storage: only when somebody asked for them, and only if they may be."""

    ELSEWHERE = "elsewhere"
    STORED = "stored"
    REFUSED = "refused"


class Attachment(OwnedByBot, Created, Base):
    """A file of a message; its caption is the message's body.

    `message_id` is the record of what was said, `copy_id` the message that takes the file to the other side, and
    `position` its place there. `source_message_id` is the messenger's number of the message that came with the file,
    `copy_message_id` of the one that went out: an album is one message of ours and several of the messenger's.
    `deleted_at` says that this file was taken back; the others of its album may stand.
    `file_id` and `name` are sealed. `sha256` is of the bytes in clear, set once they are stored.
    """

    __tablename__ = "attachments"
    __table_args__ = (
        Index("uq_attachments_uid", "uid", unique=True),
        Index("ix_attachments_conversation", "conversation_id", "id"),
        Index("ix_attachments_message", "message_id"),
        Index("ix_attachments_copy", "copy_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    uid: Mapped[UUID] = mapped_column(default=uuid4)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id"))
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    copy_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    position: Mapped[int] = mapped_column(default=0)
    album: Mapped[str | None]
    kind: Mapped[str]
    file_id: Mapped[bytes] = mapped_column(Sealed("attachments:{uid}:file_id"))
    size: Mapped[int | None] = mapped_column(BigInteger)
    mime: Mapped[str]
    name: Mapped[bytes | None] = mapped_column(Sealed("attachments:{uid}:name"))
    source_message_id: Mapped[int | None] = mapped_column(BigInteger)
    copy_message_id: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(default=AttachmentState.ELSEWHERE)
    sha256: Mapped[str | None]
    stored_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
