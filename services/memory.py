"""What the assistant remembers of a dialog: its last turns, a summary of the others, the open question; `/reset`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from contexts.prompt import NO_BACKGROUND, Background
from contexts.prompt import Turn as PromptTurn
from contexts.window import beginning
from database.db import UnitOfWork
from database.models import Author
from database.queries.memory import Remembered
from database.queries.message import Said
from services.dialog import spoken
from services.jobs import Reset
from services.turn import Tools, Turn

_LOOKED_AT = 100  # messages of a dialog; what is older has long been told by the summary


@dataclass(frozen=True)
class Memory:
    """What is remembered of a dialog when a question comes up."""

    turns: tuple[PromptTurn, ...] = ()
    background: Background = NO_BACKGROUND


def recall(uow: UnitOfWork, conversation: Remembered, tools: Tools, before: int) -> Memory:
    """Return what was said before a message, and ask for a summary of what does not fit any more.

    Raises EncryptionError, or ValueError, for a dialog that does not open.
    """
    policy = tools.policy
    if not policy.history:
        return Memory()
    after = uow.memory.begins_after(conversation)
    said = uow.messages.history(conversation.id, _LOOKED_AT, before=before, after=after, dead=False)
    turns = turns_of(said)
    start = beginning(turns, policy.history, policy.context_tokens)
    if start > 0:
        uow.memory.want_summary(conversation.id)
        uow.after_commit(tools.wakeups.summaries)
    open_question = next((item.body for item in said if item.id == conversation.open_question), "")
    return Memory(tuple(turns[start:]), Background(uow.memory.summary(conversation), open_question))


def turns_of(said: Sequence[Said]) -> list[PromptTurn]:
    """Return messages as turns of a dialog."""
    return [PromptTurn(_role(item), spoken(item)) for item in said]


def reset(turn: Turn, job: Reset) -> None:
    """Begin anew: nothing that was said so far is told to the assistant again."""
    del job
    conversation = turn.uow.conversations.open_for(turn.user.telegram_id)
    if conversation:
        turn.uow.memory.forget(conversation)
    turn.say("reset.done")


def _role(said: Said) -> Literal["user", "assistant"]:
    return "user" if said.author == Author.CUSTOMER else "assistant"
