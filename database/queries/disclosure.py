"""Queries for the disclosure of all that is kept about one customer, opened."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Row, func, select

from database.models import (
    Answer,
    Attachment,
    Author,
    Base,
    Broadcast,
    Callback,
    Conversation,
    DeskNote,
    Link,
    LinkOpening,
    Message,
    NoteKind,
    Rating,
    Thumb,
    User,
    UserTag,
)
from database.queries.personal import OF_A_CUSTOMER, Customer
from database.queries.scope import Queries
from utils.encryption import EncryptionError

R = TypeVar("R", bound=Base)

_SAID_OF_EACH = 250  # bytes of JSON besides the words: when, by whom, what became of it


class DisclosureQueries(Queries):
    """What one bot would tell a customer of themselves."""

    def size(self, customer: Customer) -> int:
        """Return how many bytes a customer's messages take in a document, about: their words, and what is said of each.

        Short ones are many: without the latter a document would be many times as large as this says.
        """
        mine = select(func.coalesce(func.sum(func.coalesce(func.length(Message.body), 0) + _SAID_OF_EACH), 0))
        return int(self.session.scalar(mine.where(*self._own(Message, customer))) or 0)

    def conversations(self, customer: Customer) -> Sequence[Conversation]:
        """Return a customer's conversations, oldest first."""
        mine = select(Conversation).where(*self._own(Conversation, customer))
        return self.session.scalars(mine.order_by(Conversation.created_at, Conversation.id)).all()

    def messages(self, customer: Customer) -> Iterator[tuple[Message, str]]:
        """Return a customer's messages with their opened bodies, oldest first, whichever conversation they are of.

        Copies that went to the staff are left out: what they copy is there. A body whose key is gone is empty.
        """
        mine = select(Message).where(*self._own(Message, customer), Message.chat_id == customer.telegram_id)
        shared: dict[UUID, str] = {}
        for message in self.session.scalars(mine.order_by(Message.id)):
            yield message, self._body(message, shared)

    def attachments(self, customer: Customer) -> Sequence[Attachment]:
        """Return what is known of a customer's files, oldest first."""
        return self._all(Attachment, customer)

    def notes(self, customer: Customer) -> list[tuple[DeskNote, str]]:
        """Return what the staff wrote down beside a customer's chats, opened, oldest first."""
        notes = [note for note in self._all(DeskNote, customer) if note.kind == NoteKind.NOTE]
        return [(note, self._opened(note.body, f"desk_notes:{note.uid}:body")) for note in notes]

    def ratings(self, customer: Customer) -> list[tuple[Rating, str]]:
        """Return a customer's ratings with their comments, oldest first."""
        mine = select(Rating).where(*self._own(Rating, customer)).order_by(Rating.rated_at, Rating.id)
        return [
            (rating, self._opened(rating.comment, f"ratings:{rating.id}:comment"))
            for rating in self.session.scalars(mine)
        ]

    def thumbs(self, customer: Customer) -> dict[int, bool]:
        """Return which answers a customer found helpful or not, by their messages."""
        mine = self.session.scalars(select(Thumb).where(*self._own(Thumb, customer)))
        return {thumb.message_id: thumb.up for thumb in mine}

    def calls(self, customer: Customer) -> Sequence[Callback]:
        """Return the calls that a customer asked for, oldest first."""
        return self._all(Callback, customer)

    def answers(self, customer: Customer) -> Sequence[Answer]:
        """Return why answers were said to a customer, oldest first."""
        return self._all(Answer, customer)

    def links(self, customer: Customer) -> Sequence[Row[datetime, str, str]]:
        """Return the links that a customer came by: when, what for, the subject."""
        mine = select(LinkOpening.created_at, Link.purpose, Link.subject).join(Link, Link.id == LinkOpening.link_id)
        return self.session.execute(
            mine.where(*self._own(LinkOpening, customer)).order_by(LinkOpening.created_at)
        ).all()

    def tags(self, user: User) -> list[str]:
        """Return the marks that the staff put on a person."""
        return list(self.session.scalars(select(UserTag.tag).where(UserTag.user_id == user.id).order_by(UserTag.tag)))

    def _all(self, model: type[R], customer: Customer) -> Sequence[R]:
        mine = select(model).where(*self._own(model, customer))
        return self.session.scalars(mine.order_by(model.__table__.c.id)).all()

    def _own(self, model: type[Base], customer: Customer) -> tuple[Any, Any]:
        return model.__table__.c.bot_id == self.bot_id, OF_A_CUSTOMER[model](customer)

    def _body(self, message: Message, shared: dict[UUID, str]) -> str:
        if message.broadcast_id is None or message.author == Author.CUSTOMER:
            return self._opened(message.body, f"messages:{message.uid}:body")
        if message.broadcast_id not in shared:
            sealed = self.session.scalar(select(Broadcast.body).where(Broadcast.id == message.broadcast_id))
            shared[message.broadcast_id] = self._opened(sealed, f"broadcasts:{message.broadcast_id}:body")
        return shared[message.broadcast_id]

    def _opened(self, sealed: bytes | None, identity: str) -> str:
        try:
            return self.vault.open(sealed, identity) if sealed else ""
        except EncryptionError:
            return ""
