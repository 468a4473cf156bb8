"""Doubt: turns that the assistant fails at are counted, and the second in a row goes to a person."""

from dataclasses import replace

from database.models import Conversation, ConversationState
from services.reply import Outcome, Reply


def weighed(conversation: Conversation, question_id: int, reply: Reply, patience: int) -> Reply:
    """Count a turn that found nothing, and return what is to be done about it: the reply itself, or a handover.

    `patience` is how many turns in a row the assistant may fail at, the last of them included (features.md, D8: two).
    """
    if reply.outcome is Outcome.CLARIFY:  # its answer is still to come
        conversation.open_question = question_id
        return reply
    if reply.outcome is not Outcome.NOT_FOUND:
        conversation.low_confidence, conversation.open_question = 0, None
        return reply
    conversation.low_confidence += 1
    conversation.open_question = question_id
    return replace(reply, outcome=Outcome.UNSURE) if conversation.low_confidence >= patience else reply


def limited(conversation: Conversation, patience: int) -> bool:
    """Count a turn that the limits did not let through; returns whether a person has to take over."""
    if conversation.state != ConversationState.AI:
        return False
    conversation.low_confidence += 1
    return conversation.low_confidence >= patience
