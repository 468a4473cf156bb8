"""Relaying: each side's words reach the other one, as long as both still belong together."""

from database.models import Author, Conversation
from services.desk.people import may_serve
from services.desk.queueing import give_back
from services.turn import Turn


def speak_as_operator(turn: Turn, text: str) -> bool:
    """Pass a moderator's words to the customer being served; False when the sender serves nobody."""
    conversation = turn.uow.conversations.served_by(turn.sender.telegram_id)
    if conversation is None:
        return False
    if not may_serve(turn, turn.sender.telegram_id):
        give_back(turn, conversation)
        turn.say("refused.not_allowed")
        return True
    name = turn.sender.name or turn.text("handover.operator")
    turn.relay(conversation.chat_id, f"👩‍💼 {name}", text, Author.OPERATOR, conversation)
    return True


def speak_as_customer(turn: Turn, conversation: Conversation, text: str) -> None:
    """Pass a customer's words to the moderator who serves them, if that is what they still are."""
    assert conversation.staff_id is not None  # noqa: S101 - the table of states guarantees it
    turn.uow.messages.received(conversation, text, turn.traceparent, answered=True)
    if not may_serve(turn, conversation.staff_id):
        give_back(turn, conversation)
        return
    name = turn.uow.users.profile(turn.user) or turn.text("handover.customer")
    turn.relay(conversation.staff_id, f"👤 {name}", text, Author.SYSTEM, conversation)
