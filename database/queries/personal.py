"""Queries over all that belongs to one customer: what there is, and taking it away, table by table."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update

from database.models import (
    Answer,
    Attachment,
    AuditAct,
    AuditEvent,
    Author,
    Base,
    BroadcastListed,
    BroadcastRecipient,
    Callback,
    Consent,
    ConsoleSession,
    Conversation,
    Delivery,
    DeskEvent,
    DeskNote,
    InboxRow,
    InboxState,
    LinkOpening,
    Message,
    Operator,
    PinAttempts,
    Rating,
    RoleGrant,
    SignInCode,
    Thumb,
    User,
    UserTag,
)
from database.queries.scope import Queries, rowcount
from database.types import db_now
from utils.encryption import EncryptionError

_UNDER_WAY = (Delivery.PENDING, Delivery.SENDING)
_WAITING = (InboxState.NEW, InboxState.CLAIMED)


@dataclass(frozen=True)
class Customer:
    """Whose rows are meant: the key of the person's row, the account in the messenger, the conversations' keys."""

    id: UUID
    telegram_id: int
    talks: tuple[UUID, ...] = ()


def _messages(customer: Customer) -> ColumnElement[bool]:
    """Return the condition in a form for which there are indexes, on what is the largest table."""
    loose = and_(Message.conversation_id.is_(None), Message.chat_id == customer.telegram_id)
    return or_(Message.conversation_id.in_(customer.talks), loose)


Whose = Callable[[Customer], ColumnElement[bool]]

# In the order in which rows may go: those that point at others first. What came in after the erasure was asked for is
# the beginning of something new, so updates that wait stay.
OF_A_CUSTOMER: Mapping[type[Base], Whose] = {
    Thumb: lambda of: Thumb.message_id.in_(select(Message.id).where(_messages(of))),
    Attachment: lambda of: Attachment.conversation_id.in_(of.talks),
    Answer: lambda of: Answer.conversation_id.in_(of.talks),
    DeskNote: lambda of: DeskNote.conversation_id.in_(of.talks),
    Rating: lambda of: Rating.conversation_id.in_(of.talks),
    Message: _messages,
    Callback: lambda of: Callback.user_id == of.id,
    LinkOpening: lambda of: LinkOpening.user_id == of.id,
    Consent: lambda of: Consent.user_id == of.id,
    UserTag: lambda of: UserTag.user_id == of.id,
    BroadcastListed: lambda of: BroadcastListed.chat_id == of.telegram_id,
    BroadcastRecipient: lambda of: BroadcastRecipient.chat_id == of.telegram_id,
    InboxRow: lambda of: and_(InboxRow.chat_id == of.telegram_id, InboxRow.state.not_in(_WAITING)),
    SignInCode: lambda of: SignInCode.telegram_id == of.telegram_id,
    PinAttempts: lambda of: PinAttempts.telegram_id == of.telegram_id,
    ConsoleSession: lambda of: ConsoleSession.telegram_id == of.telegram_id,
    Conversation: lambda of: Conversation.user_id == of.id,
    User: lambda of: User.id == of.id,
}


class PersonalQueries(Queries):
    """What one bot keeps of single customers."""

    def customer(self, user: User) -> Customer:
        """Return whose rows a person's are."""
        talks = select(Conversation.id).where(Conversation.bot_id == self.bot_id, Conversation.user_id == user.id)
        return Customer(user.id, user.telegram_id, tuple(self.session.scalars(talks)))

    def count(self, model: type[Base], customer: Customer) -> int:
        """Return how many rows of a table are a customer's."""
        return self.session.scalar(select(func.count()).select_from(model).where(self._own(model, customer))) or 0

    def is_busy(self, customer: Customer, patience: float) -> bool:
        """Return whether something of a customer is being worked on at this moment: an update, a message of the chat.

        After `patience` seconds nobody waits for messages any more that are only on their way out.
        """
        claimed = exists().where(
            InboxRow.bot_id == self.bot_id,
            InboxRow.chat_id == customer.telegram_id,
            InboxRow.state == InboxState.CLAIMED,
            InboxRow.lease_until > db_now(),
        )
        leaving = exists().where(
            self._own(Message, customer),
            or_(
                and_(Message.state == Delivery.SENDING, Message.lease_until > db_now()),
                and_(Message.state == Delivery.PENDING, Message.created_at > db_now(-patience)),
            ),
        )
        return bool(self.session.scalar(select(or_(claimed, leaving))))

    def files(self, customer: Customer) -> list[UUID]:
        """Return the names under which a customer's files lie in storage, if they do."""
        return list(self.session.scalars(select(Attachment.uid).where(self._own(Attachment, customer))))

    def said_lately(self, customer: Customer, seconds: float) -> list[str]:
        """Return what a customer said within some seconds, in its order; what does not open is left out."""
        mine = select(Message.uid, Message.body).where(
            self._own(Message, customer),
            Message.author == Author.CUSTOMER,
            Message.body.is_not(None),
            Message.created_at > db_now(-seconds),
        )
        said = []
        for uid, body in self.session.execute(mine.order_by(Message.id)):
            with suppress(EncryptionError):
                said.append(self.vault.open(body or b"", f"messages:{uid}:body"))
        return said

    def erase(self, customer: Customer) -> dict[str, int]:
        """Take every row of a customer away; returns how many went, by table. Desk statistics stay, without a chat."""
        self.session.flush()
        talks = customer.talks
        self.execute(update(DeskEvent).where(DeskEvent.conversation_id.in_(talks)).values(conversation_id=None))
        self.execute(update(Operator).where(Operator.current_id.in_(talks)).values(current_id=None))
        return {
            model.__tablename__: rowcount(self.execute(delete(model).where(self._own(model, customer))))
            for model in OF_A_CUSTOMER
        }

    def blank_notices(self, since: datetime, until: datetime) -> int:
        """Forget what the bot told the staff of no chat in particular, as names and phones of customers stand there.

        (Calls, offers, lists, `/history`: nothing tells of whom each was. They have been seen, and nobody reads them
        again.) What is still on its way is left alone.
        """
        told = (
            update(Message)
            .where(
                Message.bot_id == self.bot_id,
                Message.chat_id.in_(self._staff()),
                Message.author == Author.SYSTEM,
                Message.conversation_id.is_(None),
                Message.broadcast_id.is_(None),
                Message.body.is_not(None),
                Message.state.not_in(_UNDER_WAY),
                Message.created_at.between(since, until),
            )
            .values(body=None)
        )
        return rowcount(self.execute(told))

    def is_staff(self, telegram_id: int) -> bool:
        """Return whether an account works, or worked, for the bank in this bot."""
        held = exists().where(RoleGrant.bot_id == self.bot_id, RoleGrant.telegram_id == telegram_id)
        seat = exists().where(Operator.bot_id == self.bot_id, Operator.telegram_id == telegram_id)
        return bool(self.session.scalar(select(or_(held, seat))))

    def _own(self, model: type[Base], customer: Customer) -> ColumnElement[bool]:
        return and_(model.__table__.c.bot_id == self.bot_id, OF_A_CUSTOMER[model](customer))

    def _staff(self) -> list[int]:
        """Return all accounts that are, or ever were, told of customers."""
        accounts = (
            select(RoleGrant.telegram_id).where(RoleGrant.bot_id == self.bot_id),
            select(Operator.telegram_id).where(Operator.bot_id == self.bot_id),
            select(DeskEvent.operator_id).where(DeskEvent.bot_id == self.bot_id).distinct(),
            select(Callback.staff_id).where(Callback.bot_id == self.bot_id).distinct(),
        )
        granted = select(AuditEvent.subject).where(
            AuditEvent.bot_id == self.bot_id, AuditEvent.act == AuditAct.ROLE_GRANTED
        )
        named = {
            int(account)
            for (subject) in self.session.scalars(granted)
            if (account := subject.rpartition(":")[2]).isdigit()
        }
        told = {account for accounts_of in accounts for account in self.session.scalars(accounts_of)}
        return sorted(named | {account for account in told if account is not None})
