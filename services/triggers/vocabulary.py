"""The words of a language's phrases, turned around: which places of phrases a word of a text may fill."""

from collections import defaultdict
from collections.abc import Iterable

from services.triggers.spelling import LONG, slipped

_LONGEST_STEM = 24  # letters; no phrase has a longer one

Place = int  # the number of a set of words of which one has to stand somewhere


class Vocabulary:
    """Sets of words, each under a number; a word ending in `*` stands for all that begin like it."""

    def __init__(self) -> None:
        self._numbers: dict[frozenset[str], Place] = {}
        self._exact: dict[str, set[Place]] = defaultdict(set)
        self._stems: dict[str, set[Place]] = defaultdict(set)
        self._long: dict[str, dict[str, set[Place]]] = defaultdict(lambda: defaultdict(set))

    def place(self, words: Iterable[str]) -> Place:
        """Return the number of a set of words."""
        wanted = frozenset(words)
        if wanted in self._numbers:
            return self._numbers[wanted]
        number = self._numbers[wanted] = len(self._numbers)
        for word in wanted:
            stem = word.removesuffix("*")
            (self._exact if stem == word else self._stems)[stem].add(number)
            if len(stem) >= LONG:
                self._long[word[0]][word].add(number)
        return number

    def filled_by(self, word: str) -> frozenset[Place]:
        """Return the numbers of the sets that a word belongs to, but for a slip in a long one."""
        found = set(self._exact.get(word, ()))
        for end in range(1, min(len(word), _LONGEST_STEM) + 1):
            found |= self._stems.get(word[:end], set())
        if len(word) >= LONG - 1:
            for wanted, places in self._long.get(word[0], {}).items():
                if not places <= found and slipped(word, wanted):
                    found |= places
        return frozenset(found)
