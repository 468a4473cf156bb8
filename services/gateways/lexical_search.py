"""The lexical leg of retrieval: BM25 over Snowball stems."""

import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Self

import bm25s
import numpy as np
import Stemmer

from services.knowledge.text import words
from services.retrieval.legs import Scores, highest

# Kazakh and Uzbek have no Snowball stemmer: their words are compared whole.
STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "fi": "finnish", "fr": "french", "hi": "hindi", "hu": "hungarian",
    "hy": "armenian", "it": "italian", "lt": "lithuanian", "nl": "dutch", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
_Stem = Callable[[str], str]
_CYRILLIC = range(0x400, 0x500)
_K1, _B = 0.8, 0.75  # k1 of 0.8 instead of 1.2: many words once weigh more than one word often


class LexicalSearch:
    """BM25 (Lucene's variant) over the stems of some texts in one language."""

    def __init__(self, texts: Sequence[str], language: str) -> None:
        self._language = language
        self._size = len(texts)
        self._index = bm25s.BM25(k1=_K1, b=_B, method="lucene")
        stems = self._stems(texts)
        self._empty = not any(stems)
        if not self._empty:
            self._index.index(stems, create_empty_token=False, show_progress=False)
            self._holders = np.diff(self._index.scores["indptr"])

    def save(self, folder: Path) -> None:
        """Write the index into a folder."""
        folder.mkdir()
        if not self._empty:
            self._index.save(folder, show_progress=False)

    @classmethod
    def load(cls, folder: Path, language: str, size: int) -> Self:
        """Return what was saved, mapped into memory; `size` is the number of texts."""
        loaded = cls((), language)
        loaded._size, loaded._empty = size, not any(folder.iterdir())
        if not loaded._empty:
            loaded._index = bm25s.BM25.load(folder, mmap=True, show_progress=False)
            loaded._holders = np.diff(loaded._index.scores["indptr"])
        return loaded

    def search(self, question: str, k: int) -> Scores:
        """Return the `k` best texts; the ceiling is the sum of the IDFs of the question's stems."""
        (stems,) = self._stems([question])
        known = [] if self._empty else self._index.get_tokens_ids(stems)
        word = self._idf(0)
        ceiling = sum(self._idf(self._holders[token]) for token in known) + (len(stems) - len(known)) * word
        values = self._index.get_scores_from_ids(known) if known else np.zeros(self._size, dtype=np.float32)
        ids = highest(values, k)
        return Scores(ids, values[ids], ceiling, word)

    def _idf(self, holders: int) -> float:
        return math.log(1 + (self._size - holders + 0.5) / (holders + 0.5))

    def _stems(self, texts: Iterable[str]) -> list[list[str]]:
        stems = _Stems(self._language)
        return [[stems[word] for word in words(text)] for text in texts]


class _Stems(dict[str, str]):
    """The stem of each word, found once; a Stemmer is not safe to share between threads, and costs nothing to make."""

    def __init__(self, language: str) -> None:
        super().__init__()
        usual = _stemmer(STEMMERS.get(language))
        # Words in the other script (a product's English name, a Russian question to an English text) get their own.
        other = _stemmer("english" if language in {"ru", "kk"} else "russian")
        self._cyrillic, self._rest = (usual, other) if language in {"ru", "kk"} else (other, usual)

    def __missing__(self, word: str) -> str:
        stem = self[word] = (self._cyrillic if ord(word[0]) in _CYRILLIC else self._rest)(word)
        return stem


def _stemmer(algorithm: str | None) -> _Stem:
    return Stemmer.Stemmer(algorithm).stemWord if algorithm else str
