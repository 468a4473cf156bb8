"""Composes the reply to a question: from the knowledge, by the model where there is one, or honestly none."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from html import escape
from logging import getLogger
from time import perf_counter

from contexts import context_manager
from contexts.followup import search_query
from contexts.prompt import NO_BACKGROUND, PROMPT_VERSION, Background, Message, PromptPassage, Turn
from services.errors import ModelError
from services.knowledge.passages import Found
from services.knowledge.quoting import extract
from services.metrics import MODEL_SECONDS, RETRIEVAL_SECONDS
from services.ports import Draft, LanguageModel, Library, Words
from utils.conventions import retrieval
from utils.tracing import note, span

_log = getLogger(__name__)


class Outcome(StrEnum):
    """How a question was answered."""

    ANSWERED = auto()
    EXTRACT = auto()
    DEGRADED = auto()
    NOT_FOUND = auto()
    HANDOVER = auto()
    UNSURE = auto()
    OVERTAKEN = auto()
    FAILED = auto()


@dataclass(frozen=True)
class Reply:
    """A reply with the reasons for it; `html` is empty when a person has to go on."""

    outcome: Outcome
    html: str
    found: Found
    model: str | None = None
    prompt_version: str | None = None


class Composer:
    """Composes replies; holds no state of a conversation."""

    def __init__(self, library: Library, words: Words, model: LanguageModel | None) -> None:
        self._library = library
        self._words = words
        self._model = model

    def compose(
        self, question: str, history: Sequence[Turn], language: str, background: Background = NO_BACKGROUND
    ) -> Reply:
        """Return the reply to a question in a language; a model that fails costs its part only."""
        found = self._found(search_query(question, history), language)
        if not found.answerable:
            return Reply(Outcome.NOT_FOUND, self._words.text(language, "answer.not_found"), found)
        if self._model is None:
            return self._quoted(question, found, language, Outcome.EXTRACT)
        try:
            draft = self._drafted(self._model, _messages(question, history, found, language, background))
        except ModelError as error:
            _log.warning("the model failed, quoting instead", extra={"error": str(error)})
            return self._quoted(question, found, language, Outcome.DEGRADED)
        return self._from_draft(draft, found, language)

    def _found(self, question: str, language: str) -> Found:
        started, outcome = perf_counter(), "failed"
        try:
            with span("retrieval"):
                found = self._library.search(question, language)
                note(retrieval(len(found.passages), found.confidence))
            outcome = "found" if found.answerable else "not_found"
            return found
        finally:
            RETRIEVAL_SECONDS.labels(outcome).observe(perf_counter() - started)

    def _drafted(self, model: LanguageModel, messages: Sequence[Message]) -> Draft:
        started, outcome = perf_counter(), "failed"
        try:
            with span("model"):
                draft = model.reply(messages)
            outcome = draft.kind
            return draft
        finally:
            MODEL_SECONDS.labels(outcome).observe(perf_counter() - started)

    def _from_draft(self, draft: Draft, found: Found, language: str) -> Reply:
        match draft.kind:
            case "handover":
                return Reply(Outcome.HANDOVER, "", found, draft.model, PROMPT_VERSION)
            case "not_found":
                html, outcome = self._words.text(language, "answer.not_found"), Outcome.NOT_FOUND
            case _:
                used = [found.passages[number - 1].chunk for number in draft.sources]
                titles = [chunk.title for chunk in used] or [found.passages[0].chunk.title]
                html = self._signed("answer.ai", draft.text, titles, language)
                outcome = Outcome.ANSWERED
        return Reply(outcome, html, found, draft.model, PROMPT_VERSION)

    def _quoted(self, question: str, found: Found, language: str, outcome: Outcome) -> Reply:
        best = found.passages[0]
        key = "answer.degraded" if outcome is Outcome.DEGRADED else "answer.extract"
        html = self._signed(key, extract(question, best), [best.chunk.title], language)
        return Reply(outcome, html, found)

    def _signed(self, key: str, text: str, titles: Sequence[str], language: str) -> str:
        sources = "\n".join(f"• {escape(title)}" for title in dict.fromkeys(titles))
        signature = self._words.plural(language, "answer.sources", len(set(titles)))
        said = self._words.text(language, key, text=text)
        gap = "\n" if said.endswith("</blockquote>") else "\n\n"  # a quote ends its own line
        return f"{said}{gap}<i>{signature}\n{sources}</i>"


def _messages(
    question: str, history: Sequence[Turn], found: Found, language: str, background: Background
) -> list[Message]:
    """Return what the model is told."""
    passages = [
        PromptPassage(number, " | ".join((passage.chunk.title, *passage.chunk.alternatives)), passage.chunk.text)
        for number, passage in enumerate(found.passages, start=1)
    ]
    return context_manager.messages_for(question, history, passages, language, background)
