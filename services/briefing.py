"""What is looked for in the knowledge, and what a model is told to answer from."""

from contexts import context_manager
from contexts.asked import Asked
from contexts.followup import search_query
from contexts.prompt import Message, PromptPassage
from services.knowledge.passages import Found


def told(asked: Asked, found: Found) -> list[Message]:
    """Return what a model is told: the passages under their numbers, the dialog, the question."""
    passages = [
        PromptPassage(number, " | ".join((passage.chunk.title, *passage.chunk.alternatives)), passage.chunk.text)
        for number, passage in enumerate(found.passages, start=1)
    ]
    return context_manager.messages_for(asked, passages)


def sought(asked: Asked) -> str:
    """Return what to look for; when the customer answers our question, their words now and those before them."""
    if not asked.back:
        return search_query(asked.question, asked.history)
    before = next((turn.text for turn in reversed(asked.history) if turn.role == "user"), "")
    return f"{before}\n{asked.question}".strip()
