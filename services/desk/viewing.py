"""Viewing: an operator's chats and one of them with all that belongs beside it, for pages that show more at once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from database.models import Author, Conversation, ConversationState, Delivery, NoteKind, Operator
from database.queries.desk import Noted
from services.access import Permission
from services.desk.desk import Desk
from services.desk.keys import short
from services.desk.noting import stands
from services.desk.reading import own
from services.dialog import plain
from services.jobs_spoken import Share
from services.outbound import Outbound
from services.wording import sign, sign_of_file
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
class Shown:
    """A file of a message, by the name that readers open it with."""

    uid: UUID
    kind: str
    mime: str
    name: str
    size: int | None


@dataclass(frozen=True)
class Bubble:
    """A message of a chat; `state` is that of its delivery, RECEIVED for the customer's, `reason` why it failed.

    What was `deleted` at the customer's stays in the record.
    """

    id: int
    author: Author
    text: str
    at: datetime
    state: Delivery
    files: tuple[Shown, ...] = ()
    edited: bool = False
    deleted: bool = False
    reason: str | None = None


@dataclass(frozen=True)
class Opened:
    """A chat with its context; messages oldest first, the suggestion is the newest one that stands."""

    card: Card
    summary: str
    notes: tuple[Noted, ...]
    suggestion: Noted | None
    bubbles: tuple[Bubble, ...]


def cards(desk: Desk, operator: Operator | None) -> list[Card]:
    """Return the chats of the one who acts, the longest first."""
    chats = desk.uow.floor.chats(desk.me)
    return [_card(desk, chat, current=bool(operator and operator.current_id == chat.id)) for chat in chats]


def opened(desk: Desk, conversation: Conversation, card: Card) -> Opened:
    """Return a chat for somebody who may read it; `card` is what stands for it in lists."""
    suggested = desk.uow.desk.notes(conversation.id, NoteKind.SUGGESTION)
    return Opened(
        card,
        desk.uow.memory.summary(conversation),
        tuple(desk.uow.desk.notes(conversation.id)),
        suggested[-1] if suggested and stands(conversation, suggested[-1]) else None,
        tuple(_bubbles(desk, conversation)),
    )


def readable(desk: Desk, conversation: Conversation) -> bool:
    """Return whether a chat is one's own, offered or watched."""
    watched = conversation.watched_by == desk.me and desk.may(Permission.SUPERVISE, desk.me)
    return watched or own(desk, conversation)


def card_of(desk: Desk, conversation: Conversation) -> Card:
    """Return what stands for a chat in lists."""
    return _card(desk, conversation, current=False)


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


def _bubbles(desk: Desk, conversation: Conversation) -> list[Bubble]:
    dialog = desk.uow.desk.dialog(conversation.id, _SHOWN)
    files = _files(desk, [message.id for message, _ in dialog])
    found = []
    for message, body in dialog:
        author, own = Author(message.author), files.get(message.id, ())
        found.append(
            Bubble(
                message.id,
                author,
                _words(author, body, own),
                message.created_at,
                Delivery(message.state),
                own,
                edited=message.edited_at is not None,
                deleted=message.deleted_at is not None,
                reason=message.reason,
            )
        )
    return found


def _words(author: Author, body: str, files: tuple[Shown, ...]) -> str:
    """Return what was said; the sign of a file that is shown itself is left out."""
    if author == Author.CUSTOMER:
        return body.removeprefix(sign_of_file(files[0].kind, files[0].name)).strip() if files else body
    text = plain(body)
    if author != Author.OPERATOR:
        return text
    sent = Outbound.model_validate_json(body)
    thing = sign(Share(place=sent.place, card=sent.card)) if sent.place or sent.card else ""
    return text.partition("\n")[2] or thing  # the heading is for the customer: here it is known who speaks


def _files(desk: Desk, message_ids: list[int]) -> dict[int, tuple[Shown, ...]]:
    found: dict[int, tuple[Shown, ...]] = {}
    for row in desk.uow.attachments.recorded(message_ids):
        shown = Shown(row.uid, row.kind, row.mime, desk.uow.attachments.name(row), row.size)
        found[row.message_id] = (*found.get(row.message_id, ()), shown)
    return found
