"""Quotes a passage: whole, or the sentences of it that say most on the question."""

from services.knowledge.passages import Passage
from services.knowledge.text import sentences, words

_STEM = 5  # letters that the inflected forms of a word mostly share
_SHORTEST = 3  # letters of a word that can tell one sentence from another


def extract(question: str, passage: Passage, limit: int = 600) -> str:
    """Quote a passage: its whole text, or its best sentences in order if it has more than `limit` characters.

    A sentence is the better the more of the question's words it holds, compared by their beginnings. A best
    sentence that is too long alone is cut at a word.
    """
    text = passage.chunk.text
    if len(text) <= limit:
        return text
    asked = _stems(question)
    parts = sentences(text)
    ranked = sorted(range(len(parts)), key=lambda i: (-_overlap(asked, parts[i]), i))
    chosen: list[int] = []
    for candidate in ranked:
        if len(" ".join(parts[i] for i in [*chosen, candidate])) <= limit:
            chosen.append(candidate)
        elif not chosen:
            return _cut(parts[candidate], limit)
    return " ".join(parts[i] for i in sorted(chosen))


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in words(text) if len(word) >= _SHORTEST)


def _overlap(asked: frozenset[str], sentence: str) -> int:
    return len(asked & _stems(sentence))


def _cut(sentence: str, limit: int) -> str:
    head = sentence[: limit - 1]
    whole, space, _ = head.rpartition(" ")
    return f"{(whole if space else head).rstrip()}…"
