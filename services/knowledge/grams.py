"""Character 3- to 5-grams of texts as hashes, computed for whole arrays at once."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from services.knowledge.text import sentences, words

SIZES = (3, 4, 5)
SLOTS = 2**18  # counters of the texts that hold a gram; two grams in one slot are rare enough not to matter

_HOLDERS, _TOTALS = "grams.npy", "grams.json"
_SPACE, _BREAK = ord(" "), ord("\n")
_SLOT_SHIFT, _SLOT_MASK = np.uint64(40), np.uint64(SLOTS - 1)
# Odd constants and shifts of splitmix64 (Steele, Lea, Flood 2014).
_STEP, _MIX = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
_STEP_SHIFT, _MIX_SHIFT = np.uint64(29), np.uint64(32)

Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Grams:
    """Hashes of grams and the sentence (0, 1, …) in which each stands."""

    hashes: Hashes
    sentences: Places


def fold(text: str) -> str:
    """Return a text's words in one spelling, a sentence a line, with a space around every word."""
    lines = (" ".join(found) for sentence in sentences(text) if (found := words(sentence)))
    return "\n".join(f" {line} " for line in lines)


def grams(folded: str) -> Grams:
    """Return the grams of a folded text; a gram may hold a space at its ends, never inside, and no line break."""
    points = np.frombuffer(folded.encode("utf-32-le"), dtype=np.uint32)
    broken = points == _BREAK
    line = np.cumsum(broken)
    gap = broken | (points == _SPACE)
    hashes = np.zeros(len(points), dtype=np.uint64)
    inner = np.ones(len(points), dtype=np.bool_)  # of each start: nothing parts what follows its first letter
    found, places = [], []
    for offset in range(SIZES[-1]):
        count = max(len(points) - offset, 0)
        hashes = hashes[:count] * _STEP + points[offset:]
        hashes ^= hashes >> _STEP_SHIFT
        if offset + 1 in SIZES:
            whole = inner[:count] & ~broken[:count] & ~broken[offset:]
            found.append(hashes[whole])
            places.append(line[:count][whole])
        if offset:
            inner = inner[:count] & ~gap[offset:]
    mixed = np.concatenate(found) * _MIX
    return Grams(mixed ^ (mixed >> _MIX_SHIFT), np.concatenate(places))


class GramCounts:
    """In how many texts each gram stands, and what follows from it: IDFs, the mean number of grams."""

    def __init__(self, folded: Iterable[str]) -> None:
        self.holders = np.zeros(SLOTS, dtype=np.int32)
        self.texts = self.total = self.lines = 0
        for text in folded:
            hashes = grams(text).hashes
            self.holders[slots(hashes)] += 1  # once for each slot, however often the text has it: NumPy buffers
            self.texts += 1
            self.total += len(hashes)
            self.lines += text.count("\n") + 1

    def save(self, folder: Path) -> None:
        """Write the counts into a folder."""
        np.save(folder / _HOLDERS, self.holders)
        (folder / _TOTALS).write_text(json.dumps([self.texts, self.total, self.lines]))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Return what was saved, the large part mapped into memory."""
        loaded = cls(())
        loaded.holders = np.load(folder / _HOLDERS, mmap_mode="r")
        loaded.texts, loaded.total, loaded.lines = json.loads((folder / _TOTALS).read_text())
        return loaded

    @property
    def mean_length(self) -> float:
        """Grams a text."""
        return max(self.total / max(self.texts, 1), 1.0)

    @property
    def mean_sentence(self) -> float:
        """Grams a sentence."""
        return max(self.total / max(self.lines, 1), 1.0)

    def idf(self, hashes: Hashes) -> NDArray[np.float64]:
        """Return the IDF of each gram, as BM25 has it."""
        return self._idf(self.holders[slots(hashes)])

    def idf_of_slots(self) -> NDArray[np.float64]:
        """Return the IDF of every slot, for those who look up very many grams."""
        return self._idf(self.holders)

    def _idf(self, holders: NDArray[np.int32]) -> NDArray[np.float64]:
        found: NDArray[np.float64] = np.log(1 + (self.texts - holders + 0.5) / (holders + 0.5))
        return found


def slots(hashes: Hashes) -> Places:
    """Return the counter of each gram, 0 to SLOTS - 1."""
    return ((hashes >> _SLOT_SHIFT) & _SLOT_MASK).astype(np.int64)
