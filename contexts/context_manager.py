"""Joins what the model is told for one turn: persona, window of the dialog, passages, question."""

from collections.abc import Sequence

from contexts.prompt import NO_BACKGROUND, Background, Message, PromptPassage, Turn, build_messages

PERSONA = "You are the support assistant of a bank. You are polite, brief and concrete."


def messages_for(  # noqa: PLR0913, PLR0917 - the parts of a turn
    question: str,
    history: Sequence[Turn],
    passages: Sequence[PromptPassage],
    language: str,
    background: Background = NO_BACKGROUND,
    names: tuple[str, ...] = (),
) -> list[Message]:
    """Return the messages for one turn, oldest turns left out where they do not fit; `names` are the customer's."""
    return build_messages(
        persona=PERSONA,
        language=language,
        history=history,
        passages=passages,
        question=question,
        background=background,
        names=names,
    )
