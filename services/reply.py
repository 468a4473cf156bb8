"""Composes the reply to a question: from the knowledge, by the model where there is one, or honestly none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum, auto
from html import escape
from logging import getLogger
from time import perf_counter

from sqlalchemy.exc import SQLAlchemyError

from contexts.asked import Asked
from contexts.prompt import PROMPT_VERSION, Message
from services.briefing import sought, told
from services.drafts import Draft, LanguageModel
from services.errors import ModelError, Unwanted
from services.knowledge.language import look_up
from services.knowledge.passages import Chunk, Found
from services.knowledge.quoting import extract
from services.metrics import MODEL_SECONDS, RETRIEVAL_SECONDS
from services.ports import Library, Words
from services.scrutiny import NO_LINKS, Held, Scrutiny
from services.usage import NOTHING, Usage
from utils.conventions import retrieval
from utils.sentences import split_html, whole_sentences
from utils.tracing import note, span

Grow = Callable[[Callable[[], str]], None]  # shows what a function returns, and asks it only when it is time

_log = getLogger(__name__)


class Outcome(StrEnum):
    """How a question was answered."""

    ANSWERED = auto()
    EXTRACT = auto()
    DEGRADED = auto()
    NOT_FOUND = auto()
    CLARIFY = auto()
    HANDOVER = auto()
    UNABLE = auto()
    UNSURE = auto()
    OVERTAKEN = auto()
    FAILED = auto()


@dataclass(frozen=True)
class Reply:
    """A reply with the reasons for it; `html` is empty when a person has to go on.

    `language` is set when the customer wants to go on in another one; `masked` counts what the model did not see.
    """

    outcome: Outcome
    html: str
    found: Found
    model: str | None = None
    prompt_version: str | None = None
    provider: str | None = None
    usage: Usage = NOTHING
    language: str | None = None
    index_version: str | None = None
    masked: Mapping[str, int] | None = None


class Composer:
    """Composes replies; holds no state of a conversation."""

    def __init__(
        self, library: Library, words: Words, model: LanguageModel | None, scrutiny: Scrutiny = NO_LINKS
    ) -> None:
        self._library = library
        self._words = words
        self._model = model
        self._scrutiny = scrutiny

    def compose(self, asked: Asked, grow: Grow | None = None) -> Reply:
        """Return the reply to what is asked; a model that fails costs its part only.

        `grow` is given an answer while it is written. Raises SQLAlchemy's errors, and what `grow` raises.
        """
        try:
            asked, found = self._looked_up(asked)
        except SQLAlchemyError:  # nothing works without the database: all of it is tried again
            raise
        except Exception:  # noqa: BLE001 - whatever became of the knowledge, there are still people
            _log.exception("the knowledge cannot be searched, calling a person")
            return Reply(Outcome.UNABLE, "", Found())
        question, language = asked.question, asked.language
        if not found.answerable:
            return Reply(Outcome.NOT_FOUND, self._words.text(language, "answer.not_found"), found)
        if self._model is None:
            return self._quoted(question, found, language, Outcome.EXTRACT)
        held = self._scrutiny.holding(found.passages, question, [turn.text for turn in asked.history])
        heard = (lambda text: grow(lambda: self._growing(text, held, language))) if grow else None
        try:
            draft = self._drafted(self._model, told(asked, found), heard)
        except ModelError as error:
            _log.warning("the model failed, quoting instead", extra={"error": str(error)})
            return replace(self._quoted(question, found, language, Outcome.DEGRADED), usage=error.usage)
        reply = self._from_draft(said := held.draft(draft), found, asked)
        if draft.kind == "answer" != said.kind and held.is_foreign(reply.language or language):
            quoted = self._quoted(question, found, reply.language or language, Outcome.EXTRACT)
            return replace(reply, outcome=quoted.outcome, html=quoted.html)  # true or not, nobody here can tell
        return reply

    def _looked_up(self, asked: Asked) -> tuple[Asked, Found]:
        """Return what the knowledge has; where it answers in the question's own language alone, that is gone on in."""

        def look(language: str) -> Found:
            return self._found(sought(replace(asked, language=language)), language)

        language, found = look_up(look, asked.question, asked.language, self._words.languages)
        return replace(asked, language=language), found

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

    def _drafted(self, model: LanguageModel, messages: Sequence[Message], heard: Callable[[str], None] | None) -> Draft:
        started, outcome = perf_counter(), "failed"
        try:
            with span("model"):
                draft = model.reply(messages, heard)
        except Unwanted:
            outcome = "stopped"
            raise
        else:
            outcome = draft.kind
            return draft
        finally:
            MODEL_SECONDS.labels(outcome).observe(perf_counter() - started)

    def _growing(self, text: str, held: Held, language: str) -> str:
        """Return what is shown of an answer while it grows."""
        text = held.growing(whole_sentences(text))
        return split_html(self._words.text(language, "answer.ai", text=text))[0] if text else ""

    def _from_draft(self, draft: Draft, found: Found, asked: Asked) -> Reply:
        wanted = draft.language
        switched = wanted if wanted in self._words.languages and wanted != asked.language else None
        language, html = switched or asked.language, ""
        match draft.kind:
            case "answer":
                used = [found.passages[number - 1].chunk for number in draft.sources]
                chunks = used or [found.passages[0].chunk]
                html, outcome = self._signed("answer.ai", draft.text, chunks, language), Outcome.ANSWERED
            case "clarify" if not asked.back:
                html, outcome = self._words.text(language, "answer.clarify", text=draft.text), Outcome.CLARIFY
            case "handover":
                outcome = Outcome.HANDOVER
            case _:  # a second question in a row would be a way of not answering
                html, outcome = self._words.text(language, "answer.not_found"), Outcome.NOT_FOUND
        return Reply(
            outcome,
            html,
            found,
            draft.model,
            PROMPT_VERSION,
            draft.provider or None,
            draft.usage,
            language=switched,
            masked=draft.masked,
        )

    def _quoted(self, question: str, found: Found, language: str, outcome: Outcome) -> Reply:
        best = found.passages[0]
        key = "answer.degraded" if outcome is Outcome.DEGRADED else "answer.extract"
        if not (text := self._scrutiny.quotation(extract(question, best))):
            return Reply(Outcome.NOT_FOUND, self._words.text(language, "answer.not_found"), found)
        return Reply(outcome, self._signed(key, text, [best.chunk], language), found)

    def _signed(self, key: str, text: str, chunks: Sequence[Chunk], language: str) -> str:
        titles = [self._scrutiny.title(chunk) for chunk in chunks]
        sources = "\n".join(f"• {escape(title)}" for title in dict.fromkeys(titles))
        signature = self._words.plural(language, "answer.sources", len(set(titles)))
        said = self._words.text(language, key, text=text)
        gap = "\n" if said.endswith("</blockquote>") else "\n\n"  # a quote ends its own line
        return f"{said}{gap}<i>{signature}\n{sources}</i>"
