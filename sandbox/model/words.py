"""Words of a text, their likeness and its sentences: enough of a language to tell what a passage is about."""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from Stemmer import Stemmer

_WORD = re.compile(r"[^\W_]+")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[^a-zа-яё])|\s*\n+\s*")
_SHORTEST_FOR_TYPOS = 4
_LIKE = 0.6
_STOP = frozenset(Path(__file__).with_name("stop_words.txt").read_text("utf-8").split())


def words(text: str) -> list[str]:
    """Split a text into lower-case stems without the words that carry no topic."""
    folded = text.lower().replace("ё", "е")
    return [_stem(word) for word in _WORD.findall(folded) if word not in _STOP]


def likeness(word: str, others: Iterable[str]) -> float:
    """Tell how well the best of the other words matches, 0 to 1; a typing error costs a part of it."""
    best = 0.0
    for other in others:
        if word == other:
            return 1.0
        if min(len(word), len(other)) >= _SHORTEST_FOR_TYPOS:
            best = max(best, _shared_bigrams(word, other))
    return best if best >= _LIKE else 0.0


def sentences(text: str) -> list[str]:
    """Split a passage into its sentences."""
    return [part for part in (piece.strip() for piece in _SENTENCE_END.split(text)) if part]


def is_russian(text: str) -> bool:
    """Tell whether a text has Cyrillic letters."""
    return _CYRILLIC.search(text) is not None


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    language = "russian" if is_russian(word) else "english"
    return str(Stemmer(language).stemWord(word))


def _shared_bigrams(one: str, other: str) -> float:
    first, second = _bigrams(one), _bigrams(other)
    return 2 * len(first & second) / (len(first) + len(second))


@lru_cache(maxsize=50_000)
def _bigrams(word: str) -> frozenset[str]:
    padded = f" {word} "
    return frozenset(padded[index : index + 2] for index in range(len(padded) - 1))
