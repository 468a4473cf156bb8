"""The character leg of retrieval: exact BM25 over 3- to 5-grams, of whole texts and of their best sentences."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from services.knowledge.grams import GramCounts, Hashes, Places, fold, grams
from services.retrieval.legs import Ids, Reading

_K1, _B = 0.8, 0.75
_TEXTS, _END = "folded.txt", "\x1e"  # a folded text holds letters, digits, spaces and line breaks
_GRAMS_A_WORD = 15  # of six letters and the spaces around them
_TABLE = np.uint64(2**16 - 1)  # mask of the table that sorts out, cheaply, most grams that a question does not have


class CharacterSearch:
    """Reads candidates again, gram by gram: it keeps the folded texts and no index of them, which spares memory."""

    def __init__(self, folded: Sequence[str], counts: GramCounts) -> None:
        self._folded = folded
        self._counts = counts

    def save(self, folder: Path) -> None:
        """Write the folded texts and the counts of grams into a folder."""
        (folder / _TEXTS).write_text(_END.join(self._folded), encoding="utf-8")
        self._counts.save(folder)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Return what was saved."""
        counts = GramCounts.load(folder)
        text = (folder / _TEXTS).read_text(encoding="utf-8")
        return cls(text.split(_END) if counts.texts else [], counts)

    def read(self, question: str, ids: Ids) -> Reading:
        """Score some texts for a question."""
        asked, times = np.unique(grams(fold(question)).hashes, return_counts=True)
        idf = self._counts.idf(asked)
        weights = idf * times
        ceiling = float(weights.sum())
        word = _GRAMS_A_WORD * float(np.log(1 + (self._counts.texts + 0.5) / 0.5))
        found = grams("\n".join(self._folded[number] for number in ids))
        lines = np.array([self._folded[number].count("\n") + 1 for number in ids], dtype=np.int64)
        text_of = np.repeat(np.arange(len(ids)), lines)
        lengths = np.bincount(found.sentences, minlength=len(text_of))
        inside = _counted(found.hashes, found.sentences, asked, len(text_of))
        starts = np.concatenate([[0], np.cumsum(lines)[:-1]])
        whole = _saturated(np.add.reduceat(inside, starts), np.add.reduceat(lengths, starts), self._counts.mean_length)
        best = _saturated(inside, lengths, self._counts.mean_sentence)
        covered = (inside > 0) @ idf / max(float(idf.sum()), 1e-9)
        return Reading(
            (whole @ weights).astype(np.float32),
            np.maximum.reduceat(best @ weights, starts).astype(np.float32),
            np.maximum.reduceat(covered, starts).astype(np.float32),
            ceiling,
            word,
        )


def _counted(hashes: Hashes, places: Places, asked: Hashes, rows: int) -> NDArray[np.int64]:
    """Count each asked gram in each sentence: a row a sentence, a column a gram (`asked` is sorted)."""
    table = np.zeros(int(_TABLE) + 1, dtype=np.bool_)
    table[(asked & _TABLE).astype(np.int64)] = True
    likely = table[(hashes & _TABLE).astype(np.int64)]
    hashes, places = hashes[likely], places[likely]
    columns = np.minimum(np.searchsorted(asked, hashes), max(len(asked) - 1, 0))
    same = asked[columns] == hashes if len(asked) else np.zeros(len(hashes), dtype=np.bool_)
    keys = places[same] * len(asked) + columns[same]
    return np.bincount(keys, minlength=rows * len(asked)).reshape(rows, len(asked))


def _saturated(counts: NDArray[np.int64], lengths: NDArray[np.int64], mean: float) -> NDArray[np.float64]:
    norms = _K1 * (1 - _B + _B * lengths / mean)
    return counts / (counts + norms[:, None])
