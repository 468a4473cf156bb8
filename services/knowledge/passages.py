"""What retrieval works on and returns: chunks of the knowledge, passages, what was found."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from services.knowledge.parse import Entry


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of the knowledge that is found and quoted as one.

    `title` is the question that it answers (or its heading), `alternatives` are other phrasings of it,
    `language` is a code such as "ru"; `document` and `version` (its key) say where it stands.
    """

    id: str
    title: str
    text: str
    section: str
    language: str
    alternatives: tuple[str, ...] = ()
    document: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk with its fused score for one question, 0 to 1."""

    chunk: Chunk
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What the knowledge has on a question: passages, best first, and how sure it is that they answer it.

    `confidence` is 0 to 1; `answerable` says whether it reaches the bar of the settings.
    """

    passages: tuple[Passage, ...] = ()
    confidence: float = 0.0
    answerable: bool = False


def chunks_of(entries: Iterable[Entry], language: str, document: str = "", version: str = "") -> tuple[Chunk, ...]:
    """Make a chunk of each entry; the id depends on the content alone, so it outlives a reload."""
    return tuple(
        Chunk(
            id=_content_id(language, entry),
            title=entry.question,
            text=entry.answer,
            section=entry.section,
            language=language,
            alternatives=entry.alternatives,
            document=document,
            version=version,
        )
        for entry in entries
    )


def searchable(chunk: Chunk) -> str:
    """Return the text that stands for a chunk in an index: a question counts twice as much as its answer."""
    phrasings = (chunk.title, *chunk.alternatives)
    return "\n".join((chunk.section, *phrasings, *phrasings, chunk.text))


def readable(chunk: Chunk) -> str:
    """Return the text that stands for a chunk where a model reads it: each part once, an answer of a word left out.

    A bare label as the answer (of questions sorted by topic) only pulls a question's vector away from others.
    """
    phrasings = [part for part in (chunk.title, *chunk.alternatives) if part]
    label = bool(phrasings) and len(chunk.text.split()) == 1
    return "\n".join(phrasings if label else [*phrasings, chunk.text])


def _content_id(language: str, entry: Entry) -> str:
    content = "\x1f".join((language, entry.section, entry.question, *entry.alternatives, entry.answer))
    return hashlib.sha256(content.encode()).hexdigest()[:16]
