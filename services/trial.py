"""Trials: a tester speaks with the AI alone; each answer is marked, nobody is called, and nothing of it is counted."""

from dataclasses import replace

from database.models import AuditAct, Conversation, ConversationState
from services.access import Permission, allowed
from services.denial import not_allowed
from services.jobs import SwitchTest
from services.ports import Words
from services.reply import Reply
from services.silence import end_silently
from services.turn import Turn


def switch(turn: Turn, job: SwitchTest) -> None:
    """Begin a test, or end the one that goes on; a talk with a person is not left for it."""
    del job
    if not allowed(turn.uow.roles.of(turn.user.telegram_id), Permission.TEST_AI):
        not_allowed(turn, Permission.TEST_AI)
        return
    conversation = turn.uow.conversations.open_for(turn.user.telegram_id)
    if conversation and conversation.state != ConversationState.AI:
        turn.say("test.busy")
        return
    ends = conversation is not None and conversation.test
    if conversation:
        end_silently(turn, conversation)
    if ends:
        turn.say("test.ended")
        return
    begun = turn.uow.conversations.start(turn.user)
    begun.test = True
    turn.uow.audit.record(AuditAct.TEST_BEGUN, actor=turn.user.telegram_id, subject=f"conversation:{begun.id}")
    turn.say("test.begun")


def goes_on(turn: Turn, conversation: Conversation | None) -> Conversation | None:
    """Return an open conversation, unless it is a test of somebody who may test no more: that one is ended."""
    if conversation is None or not conversation.test:
        return conversation
    if allowed(turn.uow.roles.of(turn.user.telegram_id), Permission.TEST_AI):
        return conversation
    end_silently(turn, conversation)
    turn.say("test.ended")
    return None


def marked(words: Words, language: str, reply: Reply) -> Reply:
    """Return a reply that says that it is a test."""
    return replace(reply, html=f"{words.text(reply.language or language, 'test.mark')}\n{reply.html}")
