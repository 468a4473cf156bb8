"""A glance at the desk: all that a page of the console shows one operator, in one look."""

from dataclasses import dataclass
from html import unescape
from uuid import UUID

from database.models import Conversation, ConversationState, Operator
from services.access import Permission
from services.desk.desk import Desk
from services.desk.people import name_of
from services.desk.viewing import Card, Opened, card_of, cards, opened, readable

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
    operator = desk.uow.operators.of(desk.me)
    mine = tuple(cards(desk, operator))
    if chosen is None:
        chosen = next((card.id for card in mine if card.current), mine[0].id if mine else None)
    conversation = desk.uow.floor.seen(chosen) if chosen else None
    if conversation is None or not readable(desk, conversation):
        held = holder(desk, conversation) if conversation else ""
        return Glance(operator, desk.limit(operator), mine, None, {}, (), (), held, coded=True)
    card = next((each for each in mine if each.id == chosen), None) or card_of(desk, conversation)
    seen = opened(desk, conversation, card)
    return Glance(
        operator,
        desk.limit(operator),
        mine,
        seen,
        _names(desk, seen),
        tuple((reply.shortcut, reply.text) for reply in desk.uow.desk.canned(card.language)),
        tuple(desk.uow.ratings.of_customer(conversation.user_id, _RATINGS)),
        "",
        coded=conversation.disposition is not None,
    )


def holder(desk: Desk, conversation: Conversation) -> str:
    """Return who serves a customer now, or nothing."""
    if conversation.state != ConversationState.WITH_OPERATOR or conversation.staff_id is None:
        return ""
    return unescape(name_of(desk, conversation.staff_id, desk.language_of(desk.me)))


def _names(desk: Desk, opened: Opened) -> dict[int, str]:
    """Return the names of who wrote notes, and of who serves a customer that one watches."""
    people = {note.author_id for note in opened.notes} | ({opened.card.staff_id} - {desk.me})
    found = {who for who in people if who is not None}
    language = desk.language_of(desk.me) if found else ""
    return {who: unescape(name_of(desk, who, language)) for who in found}
