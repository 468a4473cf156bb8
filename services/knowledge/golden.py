"""Asks the golden questions of the knowledge as it is and as it would be, and tells which of them lose."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from database.models import GoldenQuestion, KnowledgeCheck
from services.knowledge.passages import Chunk, Found
from services.knowledge.text import words

DEPTH = 3  # places that count: recall at 1 and at 3


class Searchable(Protocol):
    """An index of one language."""

    def search(self, question: str) -> Found:
        """Return what is found, best first."""


Build = Callable[[Sequence[Chunk], str], Searchable]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Place(_Frozen):
    """Where a question's answer stands, from 1 to DEPTH; None when it is not among those, or the bot would refuse."""

    question: str
    language: str
    expected: str
    before: int | None
    after: int | None

    @property
    def lost(self) -> bool:
        """Whether the answer moved back."""
        return self.before is not None and (self.after is None or self.after > self.before)

    @property
    def gained(self) -> bool:
        """Whether the answer moved forward."""
        return self.after is not None and (self.before is None or self.after < self.before)


class GoldenResult(_Frozen):
    """The questions that a version can touch, asked of the knowledge without it and with it."""

    places: tuple[Place, ...] = ()

    @classmethod
    def of(cls, check: KnowledgeCheck) -> "GoldenResult | None":
        """Return what a check found, or None where it found nothing yet."""
        return None if check.result is None else cls.model_validate(check.result)

    def before(self, depth: int) -> int:
        """Return how many answers stood among the first `depth`."""
        return sum(place.before is not None and place.before <= depth for place in self.places)

    def after(self, depth: int) -> int:
        """Return how many answers stand among the first `depth` with the version."""
        return sum(place.after is not None and place.after <= depth for place in self.places)

    @property
    def worse(self) -> bool:
        """Whether fewer answers stand at the first place, or among the first three, than without the version."""
        return any(self.after(depth) < self.before(depth) for depth in (1, DEPTH))

    @property
    def lost(self) -> tuple[Place, ...]:
        """The questions whose answers moved back."""
        return tuple(place for place in self.places if place.lost)

    @property
    def gained(self) -> tuple[Place, ...]:
        """The questions whose answers moved forward, which they would lose again without the version."""
        return tuple(place for place in self.places if place.gained)


class Stock:
    """The knowledge of every language; an index is built when its language is first asked."""

    def __init__(self, chunks: Mapping[str, Sequence[Chunk]], build: Build, default_language: str) -> None:
        self._chunks = {language: own for language, own in chunks.items() if own}
        self._build = build
        self._default = default_language
        self._indexes: dict[str, Searchable] = {}

    def serving(self, language: str) -> str | None:
        """Return the language whose index answers questions in a language."""
        return next((code for code in (language, self._default) if code in self._chunks), None)

    def place(self, asked: GoldenQuestion) -> int | None:
        """Return the place of a question's answer."""
        language = self.serving(asked.language)
        if language is None:
            return None
        if language not in self._indexes:
            self._indexes[language] = self._build(self._chunks[language], language)
        found = self._indexes[language].search(asked.question)
        if not found.answerable:
            return None
        places = (n for n, passage in enumerate(found.passages[:DEPTH], 1) if answers(passage.chunk, asked))
        return next(places, None)


def answers(chunk: Chunk, asked: GoldenQuestion) -> bool:
    """Return whether a chunk is where a question's answer stands."""
    if asked.document and chunk.document != asked.document:
        return False
    return not asked.title or words(asked.title) in [words(title) for title in (chunk.title, *chunk.alternatives)]


def measure(questions: Sequence[GoldenQuestion], before: Stock, after: Stock, language: str) -> GoldenResult:
    """Ask the questions that a version in a language can touch: those that its language's index serves."""
    touched = [q for q in questions if language in (before.serving(q.language), after.serving(q.language))]
    return GoldenResult(
        places=tuple(
            Place(
                question=asked.question,
                language=asked.language,
                expected=asked.title or asked.document or "",
                before=before.place(asked),
                after=after.place(asked),
            )
            for asked in touched
        )
    )
