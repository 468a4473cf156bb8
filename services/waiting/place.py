"""The place in the queue: told at once, with an honest range, and again when it has changed for good."""

from datetime import datetime, timedelta

from database.models import Author, Conversation
from database.queries.waiting import InLine
from services.desk.desk import Desk
from services.ports import Outbound
from services.turn import Speaker, Turn
from services.waiting import closed
from services.waiting.desk import look
from services.waiting.estimate import Crew, estimate

_GAP = "\n\n"


def paragraph(speaker: Speaker, conversation: Conversation) -> str:
    """Return what a customer is told who joins the queue: place, wait, what to do meanwhile; as HTML to append."""
    language = speaker.language_of(conversation.chat_id)
    parts = [_place(speaker, conversation, look(Desk(speaker.uow, speaker.tools)), language)]
    if opens := closed.opening(speaker, language):  # what is urgent does not wait for it
        parts.append(speaker.tools.words.text(language, "waiting.out_of_hours", opens=opens))
    if speaker.tools.policy.waiting.quick:
        parts.append(speaker.tools.words.text(language, "waiting.meanwhile"))
    return _GAP + _GAP.join(parts)


def repeat(turn: Turn, conversation: Conversation) -> None:
    """Tell a customer who asks again where they are."""
    html = turn.text("handover.already_queued")
    if conversation.told_at is not None:  # else they left a message, and their turn comes with the opening
        html += _GAP + _place(turn, conversation, look(Desk.of(turn)), turn.language)
    turn.reply(Outbound(html=html), conversation)


def tell_news(turn: Turn, conversation: Conversation, crew: Crew) -> None:
    """Tell a customer who waits that the place has changed, or that it takes longer than they were told."""
    late, before = _is_late(conversation.told_until, turn.uow.now()), conversation.told_place
    html = _place(turn, conversation, crew, turn.language)
    key = "waiting.longer" if late and conversation.told_place == before else "waiting.moved"
    turn.send(conversation.chat_id, Outbound(html=f"{turn.text(key)} {html}"), Author.SYSTEM, conversation)


def is_news(waits: InLine, place: int, now: datetime, pause: float) -> bool:
    """Tell whether a place is worth a message: the customer is next, or is half as far back, or waits for too long."""
    if waits.told_at is None or waits.told_place is None or now - waits.told_at < timedelta(seconds=pause):
        return False
    nearer = place < waits.told_place and (place == 1 or place * 2 <= waits.told_place)
    return nearer or _is_late(waits.told_until, now)


def leave_line(speaker: Speaker, conversation: Conversation) -> None:
    """Note that a person took the chat: nothing is told of a place any more, and the AI falls silent."""
    conversation.taken_at = speaker.uow.now()
    conversation.told_place = conversation.told_at = conversation.told_until = None
    conversation.quick_question = conversation.quick_lease = None
    speaker.uow.delivery.drop(conversation.id, Author.AI)


def _is_late(until: datetime | None, now: datetime) -> bool:
    return until is not None and now >= until


def _place(speaker: Speaker, conversation: Conversation, crew: Crew, language: str) -> str:
    """Return the place and the wait in words, and remember what was told."""
    words, now = speaker.tools.words, speaker.uow.now()
    place = speaker.uow.waiting.place(conversation)
    wait = estimate(crew, place)
    conversation.told_place, conversation.told_at = place, now
    conversation.told_until = now + timedelta(minutes=wait.high) if wait else None
    where = words.text(language, "waiting.next") if place == 1 else words.text(language, "waiting.place", place=place)
    if wait is None:
        return where
    if wait.low == 0:
        return f"{where} {words.text(language, 'waiting.up_to', high=wait.high)}"
    return f"{where} {words.text(language, 'waiting.between', low=wait.low, high=wait.high)}"
