"""The one table of how a conversation moves from state to state (contract.md, "States")."""

from enum import StrEnum, auto

from database.models import Conversation, ConversationState
from services.errors import WrongTransition


class Act(StrEnum):
    """What moves a conversation."""

    ASK_FOR_PERSON = auto()
    TAKE = auto()
    GIVE_BACK = auto()
    PASS_ON = auto()
    REOPEN = auto()
    END = auto()
    COME_BACK = auto()


_TABLE: dict[tuple[ConversationState, Act], ConversationState] = {
    (ConversationState.AI, Act.ASK_FOR_PERSON): ConversationState.QUEUED,
    (ConversationState.QUEUED, Act.TAKE): ConversationState.WITH_OPERATOR,
    (ConversationState.WITH_OPERATOR, Act.GIVE_BACK): ConversationState.QUEUED,
    (ConversationState.WITH_OPERATOR, Act.PASS_ON): ConversationState.WITH_OPERATOR,
    (ConversationState.CLOSED, Act.REOPEN): ConversationState.WITH_OPERATOR,
    (ConversationState.AI, Act.END): ConversationState.CLOSED,
    (ConversationState.QUEUED, Act.END): ConversationState.CLOSED,
    (ConversationState.WITH_OPERATOR, Act.END): ConversationState.CLOSED,
    (ConversationState.CLOSED, Act.COME_BACK): ConversationState.AI,
}


def move(conversation: Conversation, act: Act) -> None:
    """Move a conversation by an act; raises WrongTransition when the table has no such way."""
    state = ConversationState(conversation.state)
    target = _TABLE.get((state, act))
    if target is None:
        raise WrongTransition(f"{act} does not lead anywhere from {state}")
    conversation.state = target


def forget_question(conversation: Conversation) -> None:
    """Stop whatever answer was under way: a person, or the end of the talk, came first."""
    conversation.asked_at = None
    conversation.answer_due_at = None
    conversation.lease_until = None
    conversation.attempt += 1  # fences out the worker that may be answering right now
