"""Silence of the AI: nothing that it was asked or said goes on, and perhaps the whole conversation does not."""

from database.models import Author, Conversation
from services.conversation import Act, forget_question, move
from services.turn import Speaker, Turn


def silence_ai(speaker: Speaker, conversation: Conversation) -> None:
    """Humans win: forget the question under way and take back AI messages that have not left yet."""
    forget_question(conversation)
    speaker.uow.messages.answered(conversation.id)
    speaker.uow.dead_letters.let_go(conversation.id)
    speaker.uow.delivery.drop(conversation.id, Author.AI)


def end_silently(turn: Turn, conversation: Conversation) -> None:
    """End the sender's conversation with the AI without a word, so that another one may be open."""
    silence_ai(turn, conversation)
    move(conversation, Act.END)
    conversation.closed_at = turn.uow.now()
    turn.uow.session.flush()  # one open conversation a chat: this one is not any more
    turn.uow.conversations.held_open.pop(turn.user.telegram_id, None)
