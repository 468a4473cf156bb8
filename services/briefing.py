"""What is looked for in the knowledge, and what a model is told to answer from."""

from collections.abc import Sequence

from contexts import context_manager
from contexts.prompt import Background, Message, PromptPassage, Turn
from services.knowledge.passages import Found


def told(  # noqa: PLR0913, PLR0917 - the parts of a turn
    question: str,
    history: Sequence[Turn],
    found: Found,
    language: str,
    background: Background,
    names: tuple[str, ...],
) -> list[Message]:
    """Return what a model is told: the passages under their numbers, the dialog, the question."""
    passages = [
        PromptPassage(number, " | ".join((passage.chunk.title, *passage.chunk.alternatives)), passage.chunk.text)
        for number, passage in enumerate(found.passages, start=1)
    ]
    return context_manager.messages_for(question, history, passages, language, background, names)


def sought(question: str, history: Sequence[Turn]) -> str:
    """Return what to look for when the customer answers our question: their words now and those before them."""
    before = next((turn.text for turn in reversed(history) if turn.role == "user"), "")
    return f"{before}\n{question}".strip()
