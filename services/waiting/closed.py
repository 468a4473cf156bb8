"""Outside opening hours: one message says when the desk opens, and what can be done until then."""

from database.models import Author, Conversation
from services.ports import Button, Outbound
from services.turn import Speaker
from utils.i18n import moment_text


def offer(speaker: Speaker, conversation: Conversation) -> bool:
    """Tell a customer who is to be given to a person that there is none until the desk opens; False when it is open."""
    hours, now = speaker.tools.policy.waiting.hours, speaker.uow.now()
    if hours.is_open(now):
        return False
    conversation.offered_at = now
    words, language = speaker.tools.words, speaker.language_of(conversation.chat_id)
    choices = [("waiting.leave", "wait:leave"), ("callback.ask", "callback:ask")]
    if speaker.uow.roles.ai_enabled():
        choices.append(("waiting.ask_ai", "wait:ai"))
    buttons = tuple((Button(label=words.text(language, key), data=data),) for key, data in choices)
    speaker.send(
        conversation.chat_id, Outbound(html=_closed(speaker, language), buttons=buttons), Author.SYSTEM, conversation
    )
    return True


def was_offered(speaker: Speaker, conversation: Conversation) -> bool:
    """Tell whether the customer was told already that the desk is closed, and it still is."""
    if conversation.offered_at is None:
        return False
    return not speaker.tools.policy.waiting.hours.is_open(speaker.uow.now())


def opening(speaker: Speaker, language: str) -> str | None:
    """Return in words when the desk opens; None when it is open, or nobody knows."""
    hours, now = speaker.tools.policy.waiting.hours, speaker.uow.now()
    opens = hours.opens(now)
    return moment_text(language, opens.astimezone(hours.zone)) if opens and opens > now else None


def _closed(speaker: Speaker, language: str) -> str:
    words = speaker.tools.words
    opens = opening(speaker, language)
    return words.text(language, "waiting.closed", opens=opens) if opens else words.text(language, "waiting.shut")
