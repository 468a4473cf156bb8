"""The index of a language: finds passages, counts the votes for one answer, says how sure that is."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from services.knowledge.passages import Chunk, Found, Passage
from services.knowledge.text import normalise, words
from services.retrieval.confidence import confidence
from services.retrieval.fusion import matched
from services.retrieval.legs import Legs

# Entries with one answer vote for it together: the sum of the fourth powers of their scores, among so many.
_VOTERS, _POWER = 10, 4


@dataclass(frozen=True, slots=True)
class RetrievalSettings:
    """`refuse_below` is the confidence under which the knowledge is taken not to hold the answer.

    The default lets 95 % of answerable questions pass. It stops much of what is off the topic; a question on
    the bank that the knowledge does not answer often passes: check drafts against their passages.
    """

    refuse_below: float = 0.45


class Index:
    """The chunks of one language and the legs that search them, in the chunks' order."""

    def __init__(self, chunks: Sequence[Chunk], legs: Legs, settings: RetrievalSettings | None = None) -> None:
        self.chunks = tuple(chunks)
        self.legs = legs
        self._settings = settings or RetrievalSettings()

    def __len__(self) -> int:
        return len(self.chunks)

    def search(self, question: str, k: int = 4) -> Found:
        """Return the `k` best passages, each answer once; a question without words finds nothing."""
        asked = normalise(question)
        if not self.chunks or not words(asked):
            return Found()
        match = matched(self.legs, asked)
        best = [(int(match.ids[at]), float(match.fused[at])) for at in match.order() if match.fused[at] > 0]
        if not best:
            return Found()
        passages = tuple(Passage(self.chunks[number], score) for number, score in self._elected(best)[:k])
        sure = confidence(match.evidence(titled=bool(self.chunks[best[0][0]].title)))
        return Found(passages, sure, answerable=sure >= self._settings.refuse_below)

    def _elected(self, best: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
        """Return the best entry of each answer; the answers in the order of their votes, then of their scores."""
        votes: dict[str, float] = defaultdict(float)
        first: dict[str, tuple[int, float]] = {}
        for rank, (number, score) in enumerate(best):
            answer = self.chunks[number].text
            first.setdefault(answer, (number, score))
            votes[answer] += score**_POWER if rank < _VOTERS else 0.0
        return [first[answer] for answer in sorted(first, key=lambda answer: -votes[answer])]
