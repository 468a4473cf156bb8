"""Joins what the model is told for one turn: persona, window of the dialog, passages, question."""

from collections.abc import Sequence

from contexts.asked import Asked
from contexts.prompt import Message, PromptPassage, build_messages

PERSONA = "You are the support assistant of a bank. You are polite, brief and concrete."


def messages_for(asked: Asked, passages: Sequence[PromptPassage]) -> list[Message]:
    """Return the messages for one turn, oldest turns left out where they do not fit."""
    return build_messages(
        persona=PERSONA,
        language=asked.language,
        history=asked.history,
        passages=passages,
        question=asked.question,
        background=asked.background,
        names=asked.names,
    )
