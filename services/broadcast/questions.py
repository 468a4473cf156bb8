"""Questions to those who may approve: once somebody has decided, every card says what, and has no buttons any more."""

from collections.abc import Iterable
from enum import StrEnum, auto

from database.models import Author, Broadcast, Priority
from services.broadcast import screens
from services.desk.desk import Desk
from services.outbound import Outbound
from utils.i18n import Html


class Decided(StrEnum):
    """What became of a question."""

    APPROVED = auto()
    REJECTED = auto()
    TAKEN_BACK = auto()
    CANCELLED = auto()


def put(desk: Desk, broadcast: Broadcast, readers: Iterable[int], message: Outbound) -> None:
    """Show everybody who may approve the message and a card with the question, and remember the cards."""
    cards = []
    for reader in readers:
        desk.send(reader, message, Author.SYSTEM, priority=Priority.NOTICE)
        asked = screens.question(desk, reader, broadcast)
        cards.append(desk.send(reader, asked, Author.SYSTEM, priority=Priority.NOTICE))
    desk.uow.session.flush()
    broadcast.questions = [card.id for card in cards]


def close(desk: Desk, broadcast: Broadcast, decided: Decided, *, but: int | None = None) -> None:
    """Let all cards say what was decided and by whom, `but` one reader's, which is drawn anew by who calls."""
    for reader, number in desk.uow.broadcasts.shown_as(broadcast.questions).items():
        if reader != but:
            told = desk.text(reader, f"broadcast.question.{decided}", who=desk.me)
            card = screens.card(desk, broadcast, reader)
            html = desk.text(reader, "broadcast.question", decided=Html(told), card=Html(card))
            message = Outbound(html=html, replaces=number)
            desk.send(reader, message, Author.SYSTEM, priority=Priority.NOTICE)
    broadcast.questions = []
