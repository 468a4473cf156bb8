"""A question on its way to its answer: when that starts, or that a person comes first; at once or after a consent."""

from database.models import Conversation, ConversationState
from services.desk import queueing
from services.turn import Turn
from services.waiting.first import person_first


def ask(turn: Turn, conversation: Conversation, text: str) -> None:
    """Keep a question and have it answered."""
    reason = None if conversation.test else person_first(turn, conversation)
    turn.uow.messages.received(conversation, text, turn.traceparent, answered=reason is not None)
    _start(turn, conversation, reason)


def keep(turn: Turn, conversation: Conversation, text: str) -> None:
    """Keep a question that cannot be answered before its sender has agreed to a new text."""
    turn.uow.messages.received(conversation, text, turn.traceparent, answered=False)


def go_on(turn: Turn) -> None:
    """Have answered what was kept, if it still waits for an answer."""
    conversation = turn.uow.conversations.open_for(turn.user.telegram_id)
    if conversation is None or conversation.state != ConversationState.AI:
        return
    turn.uow.session.flush()
    if turn.uow.messages.unanswered(conversation.id):
        reason = None if conversation.test else person_first(turn, conversation)
        if reason:
            turn.uow.messages.answered(conversation.id)
        _start(turn, conversation, reason)


def _start(turn: Turn, conversation: Conversation, reason: str | None) -> None:
    if reason:
        queueing.queue(turn, conversation, reason)
        return
    policy = turn.tools.policy
    delay = turn.uow.conversations.ask(conversation, policy.debounce, policy.debounce_max)
    chat_id, wakeups, signals = turn.user.telegram_id, turn.tools.wakeups, turn.tools.signals
    turn.uow.after_commit(lambda: signals.typing(chat_id))
    turn.uow.after_commit(lambda: wakeups.answers([conversation.id], delay))
