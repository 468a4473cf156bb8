"""A glance at the desk: all that a page of the console shows one operator, in one look."""

from contextlib import suppress
from dataclasses import dataclass
from html import unescape
from uuid import UUID

from database.models import ConversationState, Operator
from services.access import Permission
from services.desk.desk import Desk
from services.desk.people import name_of
from services.desk.viewing import Card, Opened, my_chats, open_chat
from services.errors import DeskRefusal

_RATINGS = 5


@dataclass(frozen=True)
class Glance:
    """What an operator sees; `names` are those of colleagues in sight, `canned` the replies for the opened chat.

    `ratings` are the scores that the customer gave last, newest first. `holder` is who serves the chosen chat if that
    is not one's own, `coded` whether it was said how it ended.
    """

    operator: Operator | None
    limit: int
    cards: tuple[Card, ...]
    opened: Opened | None
    names: dict[int, str]
    canned: tuple[tuple[str, str], ...]
    ratings: tuple[int, ...]
    holder: str
    coded: bool


def glance(desk: Desk, chosen: UUID | None) -> Glance:
    """Return what the one who acts sees, with the chosen chat opened or else the current one; raises DeskRefusal."""
    desk.require(Permission.TAKE_CHATS)
    operator, cards = desk.uow.operators.of(desk.me), tuple(my_chats(desk))
    if chosen is None:
        chosen = next((card.id for card in cards if card.current), cards[0].id if cards else None)
    opened = None
    with suppress(DeskRefusal):
        opened = open_chat(desk, chosen) if chosen else None
    return Glance(
        operator,
        desk.limit(operator),
        cards,
        opened,
        _names(desk, opened),
        _canned(desk, opened),
        _ratings(desk, opened),
        "" if opened or chosen is None else holder(desk, chosen),
        _coded(desk, opened),
    )


def holder(desk: Desk, conversation_id: UUID) -> str:
    """Return who serves a customer now, or nothing."""
    conversation = desk.uow.floor.seen(conversation_id)
    if conversation is None or conversation.state != ConversationState.WITH_OPERATOR or conversation.staff_id is None:
        return ""
    return unescape(name_of(desk, conversation.staff_id, desk.language_of(desk.me)))


def _names(desk: Desk, opened: Opened | None) -> dict[int, str]:
    if opened is None:
        return {}
    people = {note.author_id for note in opened.notes} | {opened.card.staff_id}
    language = desk.language_of(desk.me)
    return {who: unescape(name_of(desk, who, language)) for who in people if who is not None}


def _canned(desk: Desk, opened: Opened | None) -> tuple[tuple[str, str], ...]:
    conversation = desk.uow.floor.seen(opened.card.id) if opened else None
    if conversation is None:
        return ()
    language = desk.language_of(conversation.chat_id)
    return tuple((reply.shortcut, reply.text) for reply in desk.uow.desk.canned(language))


def _ratings(desk: Desk, opened: Opened | None) -> tuple[int, ...]:
    conversation = desk.uow.floor.seen(opened.card.id) if opened else None
    return tuple(desk.uow.ratings.of_customer(conversation.user_id, _RATINGS)) if conversation else ()


def _coded(desk: Desk, opened: Opened | None) -> bool:
    conversation = desk.uow.floor.seen(opened.card.id) if opened else None
    return conversation is None or conversation.disposition is not None
