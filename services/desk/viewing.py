"""Viewing: an operator's chats and one of them with all that belongs beside it, for pages that show more at once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from database.models import Author, Conversation, ConversationState, Delivery, NoteKind
from database.queries.desk import Noted
from services.access import Permission
from services.desk.desk import Desk, short
from services.desk.reading import own
from services.dialog import plain
from services.errors import DeskRefusal
from utils import phones

_SHOWN = 50  # messages


@dataclass(frozen=True)
class Card:
    """A chat in a list; `waits` says that the customer's last words have no answer yet."""

    id: UUID
    short: str
    name: str
    phone: str
    tier: str
    language: str
    reason: str
    state: ConversationState
    staff_id: int | None
    current: bool
    waits: bool
    since: datetime | None


@dataclass(frozen=True)
class Bubble:
    """A message of a chat; `state` is that of its delivery, RECEIVED for the customer's."""

    id: int
    author: Author
    text: str
    at: datetime
    state: Delivery


@dataclass(frozen=True)
class Opened:
    """A chat with its context; messages oldest first, the suggestion is the newest or None."""

    card: Card
    summary: str
    notes: tuple[Noted, ...]
    suggestion: Noted | None
    bubbles: tuple[Bubble, ...]


def my_chats(desk: Desk) -> list[Card]:
    """Return the chats of the one who acts, the longest first; raises DeskRefusal."""
    desk.require(Permission.TAKE_CHATS)
    operator = desk.uow.operators.of(desk.me)
    chats = desk.uow.floor.chats(desk.me)
    return [_card(desk, chat, current=bool(operator and operator.current_id == chat.id)) for chat in chats]


def open_chat(desk: Desk, conversation_id: UUID, after: int = 0) -> Opened:
    """Return a chat that is one's own, offered or watched, with messages after one; raises DeskRefusal."""
    desk.require(Permission.TAKE_CHATS)
    conversation = desk.uow.floor.seen(conversation_id)
    if conversation is None:
        raise DeskRefusal("desk.unknown")
    if not own(desk, conversation) and conversation.watched_by != desk.me:
        raise DeskRefusal("desk.not_yours")
    suggested = desk.uow.desk.notes(conversation.id, NoteKind.SUGGESTION)
    return Opened(
        _card(desk, conversation, current=False),
        desk.uow.memory.summary(conversation),
        tuple(desk.uow.desk.notes(conversation.id)),
        suggested[-1] if suggested else None,
        tuple(_bubbles(desk, conversation, after)),
    )


def _card(desk: Desk, conversation: Conversation, *, current: bool) -> Card:
    customer = desk.customer(conversation)
    phone = desk.uow.users.phone(customer)
    heard, spoke = conversation.heard_at, conversation.spoke_at
    return Card(
        conversation.id,
        short(conversation),
        desk.uow.users.profile(customer),
        phones.masked(phone) if phone else "",
        customer.tier,
        customer.language or desk.tools.policy.language,
        conversation.reason or "asked",
        ConversationState(conversation.state),
        conversation.staff_id,
        current,
        heard is not None and (spoke is None or spoke < heard),
        conversation.taken_at or conversation.queued_at,
    )


def _bubbles(desk: Desk, conversation: Conversation, after: int) -> list[Bubble]:
    found = []
    for message, body in desk.uow.desk.dialog(conversation.id, after, _SHOWN):
        author = Author(message.author)
        text = body if author == Author.CUSTOMER else plain(body)
        if author == Author.OPERATOR:
            text = text.partition("\n")[2]  # the heading is for the customer: here it is known who speaks
        found.append(Bubble(message.id, author, text, message.created_at, Delivery(message.state)))
    return found
