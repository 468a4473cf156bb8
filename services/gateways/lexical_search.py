"""The lexical leg of retrieval: BM25 over Snowball stems."""

import math
from collections.abc import Iterable, Sequence

import bm25s
import numpy as np
import Stemmer

from services.knowledge.text import words
from services.retrieval import Scores

# Kazakh and Uzbek have no Snowball stemmer: their words are compared whole.
STEMMERS = {"ru": "russian", "en": "english"}
_K1, _B = 1.2, 0.75


class LexicalSearch:
    """BM25 (Lucene's variant) over the stems of some texts in one language."""

    def __init__(self, texts: Sequence[str], language: str) -> None:
        self._algorithm = STEMMERS.get(language)
        self._size = len(texts)
        self._index = bm25s.BM25(k1=_K1, b=_B, method="lucene")
        self._index.index(self._stems(texts), create_empty_token=False, show_progress=False)
        self._holders = np.diff(self._index.scores["indptr"])

    def scores(self, question: str) -> Scores:
        """Score every text; the ceiling is the sum of the IDFs of the question's stems."""
        (stems,) = self._stems([question])
        known = self._index.get_tokens_ids(stems)
        word = self._idf(0)
        ceiling = sum(self._idf(self._holders[token]) for token in known) + (len(stems) - len(known)) * word
        values = self._index.get_scores_from_ids(known) if known else np.zeros(self._size, dtype=np.float32)
        return Scores(values, ceiling, word)

    def _idf(self, holders: int) -> float:
        return math.log(1 + (self._size - holders + 0.5) / (holders + 0.5))

    def _stems(self, texts: Iterable[str]) -> list[list[str]]:
        if self._algorithm is None:
            return [words(text) for text in texts]
        # A Stemmer is not safe to share between threads; making one costs less than a microsecond.
        stemmer = Stemmer.Stemmer(self._algorithm)
        return [stemmer.stemWords(words(text)) for text in texts]
