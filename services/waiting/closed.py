"""Outside opening hours: one message says when the desk opens, and what can be done until then."""

from database.models import Author, Conversation
from services.ports import Button, Outbound
from services.turn import Turn
from utils.i18n import moment_text


def offer(turn: Turn, conversation: Conversation) -> bool:
    """Tell a customer who is to be given to a person that there is none until the desk opens; False when it is open."""
    hours, now = turn.tools.policy.waiting.hours, turn.uow.now()
    if hours.is_open(now):
        return False
    conversation.offered_at = now
    words, language = turn.tools.words, turn.language_of(conversation.chat_id)
    choices = [("waiting.leave", "wait:leave"), ("callback.ask", "callback:ask")]
    if turn.uow.roles.ai_enabled():
        choices.append(("waiting.ask_ai", "wait:ai"))
    buttons = tuple((Button(label=words.text(language, key), data=data),) for key, data in choices)
    turn.send(
        conversation.chat_id, Outbound(html=_closed(turn, language), buttons=buttons), Author.SYSTEM, conversation
    )
    return True


def was_offered(turn: Turn, conversation: Conversation) -> bool:
    """Tell whether the customer was told already that the desk is closed, and it still is."""
    if conversation.offered_at is None:
        return False
    return not turn.tools.policy.waiting.hours.is_open(turn.uow.now())


def opening(turn: Turn, language: str) -> str | None:
    """Return in words when the desk opens; None when it is open, or nobody knows."""
    hours, now = turn.tools.policy.waiting.hours, turn.uow.now()
    opens = hours.opens(now)
    return moment_text(language, opens.astimezone(hours.zone)) if opens and opens > now else None


def _closed(turn: Turn, language: str) -> str:
    words = turn.tools.words
    opens = opening(turn, language)
    return words.text(language, "waiting.closed", opens=opens) if opens else words.text(language, "waiting.shut")
