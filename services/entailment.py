"""A model whose answers are judged by a model once more: sentences that no passage states are left out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from logging import getLogger
from typing import Protocol

from contexts.entailment import entailment_messages, stated
from contexts.prompt import Message
from services.drafts import Draft, LanguageModel, Notes
from services.errors import ModelError
from services.knowledge.text import sentences
from services.metrics import ANSWERS_GUARDED
from utils.tracing import span

_log = getLogger(__name__)


class JudgingModel(LanguageModel, Protocol):
    """A language model that also writes plain text."""

    def note(self, messages: Sequence[Message]) -> Notes:
        """Return the text that a prompt asks for; raises ModelError."""


class Entailing:
    """Stands in front of a model. What is left of an answer is held against the passages by words all the same.

    A judge that fails, or says anything but numbers, judges nothing.
    """

    def __init__(self, model: JudgingModel) -> None:
        self._model = model

    def reply(self, messages: Sequence[Message], heard: Callable[[str], None] | None = None) -> Draft:
        """Return the model's reply without what the passages do not state; raises ModelError."""
        draft = self._model.reply(messages, heard)
        if draft.kind != "answer":
            return draft
        lines = [sentences(line) for line in draft.text.split("\n")]
        said = [sentence for line in lines for sentence in line]
        try:
            with span("entailment"):
                notes = self._model.note(entailment_messages(messages, said))
        except ModelError as error:
            _log.warning("an answer was not judged", extra={"error": str(error)})
            return replace(draft, usage=draft.usage + error.usage)
        draft = replace(draft, usage=draft.usage + notes.usage)
        try:
            kept = stated(notes.text)
        except ValueError:
            _log.warning("a verdict on an answer could not be read")
            return draft
        return _left(draft, lines, kept)


def _left(draft: Draft, lines: Sequence[Sequence[str]], kept: frozenset[int]) -> Draft:
    """Return a draft with the sentences of some numbers, counted through its lines from 1."""
    number, left = 0, []
    for line in lines:
        own = [(number + place, sentence) for place, sentence in enumerate(line, start=1)]
        number += len(line)
        good = [sentence for place, sentence in own if place in kept]
        ANSWERS_GUARDED.labels("not_entailed").inc(len(own) - len(good))
        if good or not line:
            left.append(" ".join(good))
    text = "\n".join(left).strip()
    return replace(draft, text=text) if text else replace(draft, kind="not_found", text="", sources=())
