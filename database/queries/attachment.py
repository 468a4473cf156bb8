"""Queries over the files of dialogs."""

from collections.abc import Collection, Sequence
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import aliased

from database.models import Attachment, AttachmentState, Author, Conversation, Delivery, Message
from database.queries.scope import Queries, rowcount
from database.types import db_now
from utils.encryption import EncryptionError


class AttachmentQueries(Queries):
    """The files of one bot."""

    def add(  # noqa: PLR0913 - each part of a file is named
        self,
        message: Message,
        conversation: Conversation,
        *,
        kind: str,
        file_id: str,
        size: int | None,
        mime: str,
        name: str,
        album: str | None,
        source_message_id: int | None,
        stored: tuple[UUID, str] | None = None,
    ) -> Attachment:
        """Keep what is known of a file that came with a message.

        `stored` are the name and the SHA-256 of one that is in our storage already.
        """
        self.session.flush()
        uid, digest = stored or (uuid4(), None)
        attachment = Attachment(
            bot_id=self.bot_id,
            uid=uid,
            conversation_id=conversation.id,
            message_id=message.id,
            album=album,
            kind=kind,
            size=size,
            mime=mime,
            source_message_id=source_message_id,
            state=AttachmentState.STORED if stored else AttachmentState.ELSEWHERE,
            sha256=digest,
            stored_at=self.scope.now if stored else None,
        )
        self._seal(attachment, file_id, name)
        self.session.add(attachment)
        return attachment

    def change(  # noqa: PLR0913 - as `add`
        self, attachment: Attachment, *, kind: str, file_id: str, size: int | None, mime: str, name: str
    ) -> None:
        """Put another file in the place of one: an edit may do that."""
        self._seal(attachment, file_id, name)
        attachment.kind, attachment.size, attachment.mime = kind, size, mime
        attachment.state = AttachmentState.ELSEWHERE
        attachment.sha256 = attachment.stored_at = None

    def link(self, attachment: Attachment, copy: Message, position: int = 0) -> None:
        """Tell which message takes a file to the other side, and as which of its files."""
        self.session.flush()
        attachment.copy_id, attachment.position, attachment.copy_message_id = copy.id, position, None

    def copied(self, copy_id: int, numbers: Sequence[int]) -> None:
        """Write down the messenger's number of each file of an album that was sent."""
        for position, number in enumerate(numbers):
            own = update(Attachment).where(*self._of_copy(copy_id), Attachment.position == position)
            self.execute(own.values(copy_message_id=number))

    def open_album(self, conversation: Conversation, album: str, chat_id: int) -> Message | None:
        """Return the message of an album that was never tried to be sent yet, locked until the commit."""
        statement = (
            select(Message)
            .join(Attachment, Attachment.copy_id == Message.id)
            .where(
                Attachment.bot_id == self.bot_id,
                Attachment.conversation_id == conversation.id,
                Attachment.album == album,
                Message.chat_id == chat_id,
                Message.state == Delivery.PENDING,
                Message.attempt == 0,
            )
            .order_by(Message.id.desc())
            .limit(1)
            .with_for_update(key_share=True, of=Message)
        )
        return self.session.scalars(statement).first()

    def knows_album(self, conversation: Conversation, album: str) -> bool:
        """Tell whether something of an album came before."""
        statement = select(Attachment.id).where(
            Attachment.bot_id == self.bot_id,
            Attachment.conversation_id == conversation.id,
            Attachment.album == album,
        )
        return self.session.scalar(statement.limit(1)) is not None

    def not_with(self, conversation: Conversation, chat_id: int, limit: int) -> list[Attachment]:
        """Return the customer's last files of a conversation that were not sent to a chat, oldest first."""
        record, copy = aliased(Message), aliased(Message)
        statement = (
            select(Attachment)
            .join(record, record.id == Attachment.message_id)
            .outerjoin(copy, copy.id == Attachment.copy_id)
            .where(
                Attachment.bot_id == self.bot_id,
                Attachment.conversation_id == conversation.id,
                record.author == Author.CUSTOMER,
                or_(copy.id.is_(None), copy.chat_id != chat_id),
            )
            .order_by(Attachment.id.desc())
            .limit(limit)
        )
        return list(self.session.scalars(statement))[::-1]

    def of_message(self, message_id: int) -> list[Attachment]:
        """Return the files that a message takes to the other side, in their order, without those taken back."""
        statement = select(Attachment).where(*self._of_copy(message_id))
        return list(self.session.scalars(statement.order_by(Attachment.position)))

    def recorded(self, message_ids: Collection[int]) -> list[Attachment]:
        """Return the files of what was said in some messages, in their order."""
        statement = select(Attachment).where(Attachment.bot_id == self.bot_id, Attachment.message_id.in_(message_ids))
        return list(self.session.scalars(statement.order_by(Attachment.id)))

    def by_uid(self, uid: UUID) -> Attachment | None:
        """Return a file by the name that readers know."""
        return self.session.scalar(select(Attachment).where(Attachment.bot_id == self.bot_id, Attachment.uid == uid))

    def settle(self, attachment: Attachment, state: AttachmentState, sha256: str | None = None) -> bool:
        """Write down what became of a file's bytes; False when an edit put another file in its place meanwhile."""
        stored_at = db_now() if state is AttachmentState.STORED else None
        same = (Attachment.id == attachment.id, Attachment.file_id == attachment.file_id)
        own = update(Attachment).where(Attachment.bot_id == self.bot_id, *same)
        return rowcount(self.execute(own.values(state=state, sha256=sha256, stored_at=stored_at))) > 0

    def file_id(self, attachment: Attachment) -> str:
        """Return what the messenger calls a file; raises EncryptionError."""
        return self.vault.open(attachment.file_id, _identity(attachment.uid, "file_id"))

    def name(self, attachment: Attachment) -> str:
        """Return a file's name, empty where it has none or does not open."""
        try:
            return self.vault.open(attachment.name, _identity(attachment.uid, "name")) if attachment.name else ""
        except EncryptionError:
            return ""

    def _of_copy(self, message_id: int) -> tuple[ColumnElement[bool], ...]:
        return (
            Attachment.bot_id == self.bot_id,
            Attachment.copy_id == message_id,
            Attachment.deleted_at.is_(None),
        )

    def _seal(self, attachment: Attachment, file_id: str, name: str) -> None:
        attachment.file_id = self.vault.seal(file_id, _identity(attachment.uid, "file_id"))
        attachment.name = self.vault.seal(name, _identity(attachment.uid, "name")) if name else None


def _identity(uid: UUID, column: str) -> str:
    return f"attachments:{uid}:{column}"
