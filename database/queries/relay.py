"""Queries over what two people say to each other: which message of one chat stands for which of the other."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, union_all

from database.models import Attachment, Delivery, Message
from database.queries.scope import Queries


@dataclass(frozen=True)
class Copy:
    """A message that stands for another one on the other side; `attachment` where it is one file of an album.

    `number` is the messenger's, None as long as it was not sent.
    """

    message: Message
    number: int | None
    attachment: Attachment | None = None

    @property
    def is_gone(self) -> bool:
        """Whether it was taken back."""
        return self.message.deleted_at is not None or bool(self.attachment and self.attachment.deleted_at)


class RelayQueries(Queries):
    """Messages and their copies, by the messenger's numbers."""

    def copies(self, chat_id: int, number: int, conversation_id: UUID | None = None) -> list[Copy]:
        """Return what a message became on the other side, in its order, as it is now and locked until the commit.

        Words that were too long for one message became several. `conversation_id` is where to look for files of albums.
        """
        statement = select(Message).where(*self._source(chat_id, number), Message.state != Delivery.RECEIVED)
        locked = statement.order_by(Message.id).with_for_update(key_share=True)
        fresh = self.session.scalars(locked, execution_options={"populate_existing": True})
        found = [Copy(message, message.telegram_message_id) for message in fresh]
        return self._of_albums(found, chat_id, number, conversation_id)

    def record(self, chat_id: int, number: int) -> Message | None:
        """Return the record of what a customer wrote, locked until the commit."""
        statement = select(Message).where(*self._source(chat_id, number), Message.state == Delivery.RECEIVED)
        return self.session.scalars(statement.limit(1).with_for_update(key_share=True)).first()

    def counterpart(self, chat_id: int, number: int, other: int, conversation_id: UUID) -> int | None:
        """Return the number in another chat of what stands for a message: its copy, or what it is the copy of."""
        copied = select(Message.telegram_message_id).where(
            *self._source(chat_id, number), Message.chat_id == other, Message.telegram_message_id.is_not(None)
        )
        original = select(Message.source_message_id).where(
            Message.bot_id == self.bot_id,
            Message.chat_id == chat_id,
            Message.telegram_message_id == number,
            Message.source_message_id.is_not(None),
            Message.source_chat_id == other,
        )
        for statement in (copied.order_by(Message.id), original):
            if (found := self.session.scalar(statement.limit(1))) is not None:
                return int(found)
        return self._in_album(chat_id, number, other, conversation_id)

    def conversation_of(self, chat_id: int, number: int, serving: Collection[UUID] = ()) -> UUID | None:
        """Return the conversation that a message in somebody's chat belongs to, whoever wrote it.

        What was passed on is found whatever became of its conversation; what the bot itself said, and files of albums,
        in the conversations that they are `serving`.
        """
        copied = select(Message.conversation_id).where(
            Message.bot_id == self.bot_id,
            Message.chat_id == chat_id,
            Message.telegram_message_id == number,
            Message.source_message_id.is_not(None),
        )
        own = select(Message.conversation_id).where(*self._source(chat_id, number))
        said = select(Message.conversation_id).where(
            Message.conversation_id.in_(serving), Message.chat_id == chat_id, Message.telegram_message_id == number
        )
        received = and_(Message.chat_id == chat_id, Attachment.copy_message_id == number)
        shared = and_(Message.source_chat_id == chat_id, Attachment.source_message_id == number)
        files = (
            select(Attachment.conversation_id)
            .join(Message, Message.id == Attachment.copy_id)
            .where(Attachment.conversation_id.in_(serving), or_(received, shared))
        )
        looks = (copied, own, said, files) if serving else (copied, own)
        return next((found for found in self.session.scalars(union_all(*looks)) if found), None)

    def _source(self, chat_id: int, number: int) -> tuple[ColumnElement[bool], ...]:
        return (
            Message.bot_id == self.bot_id,
            Message.source_chat_id == chat_id,
            Message.source_message_id == number,
        )

    def _in_album(self, chat_id: int, number: int, other: int, conversation_id: UUID) -> int | None:
        files = (
            select(Attachment, Message.chat_id)
            .join(Message, Message.id == Attachment.copy_id)
            .where(Attachment.bot_id == self.bot_id, Attachment.conversation_id == conversation_id)
        )
        for attachment, copied_to in self.session.execute(files.where(Attachment.source_message_id == number)):
            if copied_to == other and attachment.copy_message_id is not None:
                return int(attachment.copy_message_id)
        for attachment, copied_to in self.session.execute(files.where(Attachment.copy_message_id == number)):
            if copied_to == chat_id and attachment.source_message_id is not None:
                return int(attachment.source_message_id)
        return None

    def _of_albums(self, found: list[Copy], chat_id: int, number: int, conversation_id: UUID | None) -> list[Copy]:
        """Name the one file of an album that a number stands for: its message stands for all of them."""
        if conversation_id is None:
            return found
        statement = (
            select(Attachment, Message)
            .join(Message, Message.id == Attachment.copy_id)
            .where(
                Attachment.bot_id == self.bot_id,
                Attachment.conversation_id == conversation_id,
                Attachment.source_message_id == number,
                Attachment.album.is_not(None),
                Message.source_chat_id == chat_id,
            )
        )
        locked = statement.order_by(Message.id).with_for_update(key_share=True, of=Message)
        fresh = self.session.execute(locked, execution_options={"populate_existing": True})
        files = [Copy(message, _number(attachment, message), attachment) for attachment, message in fresh]
        albums = {copy.message.id for copy in files}
        return [*files, *(copy for copy in found if copy.message.id not in albums)]


def _number(attachment: Attachment, message: Message) -> int | None:
    """Return the messenger's number of a file; one that went alone has that of its message."""
    first = message.telegram_message_id if attachment.position == 0 else None
    return attachment.copy_message_id or first
