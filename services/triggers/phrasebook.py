"""Phrases of one language that give a trigger away, as its file holds them, and how they are found in sentences."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Any

from services.triggers.spelling import plain
from services.triggers.vocabulary import Place, Vocabulary

_GAP = 2  # words that may stand between two of a phrase
_REACH = 2  # words before a phrase within which a negation is about it


@dataclass(frozen=True)
class Word:
    """A word of a text, and the places of phrases that it may fill."""

    text: str
    fills: frozenset[Place]


@dataclass(frozen=True)
class Phrase:
    """Places in their order; `begins` and `ends` tie them to the sentence's first and last word."""

    places: tuple[Place, ...]
    begins: bool
    ends: bool

    def found(self, sentence: Sequence[Word]) -> Iterator[list[int]]:
        """Yield where the words of a phrase stand in a sentence."""
        for where in self._from(0, sentence, 0, 1 if self.begins else len(sentence)):
            if not self.ends or where[-1] == len(sentence) - 1:
                yield where

    def _from(self, part: int, sentence: Sequence[Word], start: int, end: int) -> Iterator[list[int]]:
        """Yield where the words from `part` on stand, the first of them from `start` to before `end`."""
        for where in range(start, min(end, len(sentence))):
            if self.places[part] not in sentence[where].fills:
                continue
            if part == len(self.places) - 1:
                yield [where]
                continue
            for rest in self._from(part + 1, sentence, where + 1, where + 2 + _GAP):
                yield [where, *rest]


@dataclass(frozen=True)
class Group:
    """Phrases of one weight: at 1 each of them is enough, less needs company.

    `asked`: they count in a question about the matter ("how do I reach a person?") too. `unless`: words that, anywhere
    in the text, say that it is about something else.
    """

    weight: float
    phrases: tuple[Phrase, ...]
    asked: bool
    unless: Place


@dataclass(frozen=True)
class Phrasebook:
    """The phrases of one language by trigger, and the words that take them back.

    `negation` stands before what it denies, `denial` after it; `supposing` and `asking` before a case that did not
    happen; `opening` asks only as a sentence's first word; `filler` says nothing.
    """

    vocabulary: Vocabulary
    groups: dict[str, tuple[Group, ...]]
    denial: tuple[str, ...]
    negation: Place
    supposing: Place
    asking: Place
    opening: Place
    filler: Place

    def weigh(self, sentences: Sequence[Sequence[str]]) -> dict[str, float]:
        """Return how much each trigger's phrases in a text weigh together."""
        known = {word: Word(word, self.vocabulary.filled_by(word)) for sentence in sentences for word in sentence}
        told = [[known[word] for word in sentence if self.filler not in known[word].fills] for sentence in sentences]
        filled = frozenset[Place]().union(*(word.fills for word in known.values()))
        return {
            trigger: sum(group.weight for group in groups if self._holds(group, told, filled))
            for trigger, groups in self.groups.items()
        }

    def _holds(self, group: Group, told: Sequence[Sequence[Word]], filled: frozenset[Place]) -> bool:
        if group.unless in filled:
            return False
        likely = [phrase for phrase in group.phrases if filled.issuperset(phrase.places)]
        return any(
            self._meant(sentence, where, asked=group.asked)
            for sentence in told
            for phrase in likely
            for where in phrase.found(sentence)
        )

    def _meant(self, sentence: Sequence[Word], where: Sequence[int], *, asked: bool) -> bool:
        """Tell whether words at some places are said of what happened: not denied, supposed or asked about."""
        first, last = where[0], where[-1]
        near = {*range(max(0, first - _REACH), first), *(place - 1 for place in where if place)} - set(where)
        if any(self.negation in sentence[place].fills for place in near):
            return False
        after = " ".join(word.text for word in sentence[last + 1 : last + 4]) + " "
        if any(after.startswith(f"{words} ") for words in self.denial):
            return False
        before = sentence[:first]
        if any(self.supposing in word.fills for word in before):
            return False
        return asked or not (
            any(self.asking in word.fills for word in before) or (before and self.opening in before[0].fills)
        )


def read(path: Path) -> Phrasebook:
    """Read a language's file.

    A phrase is words in their order with two others between them at most; `a & b` in any order; `a|b` either;
    `stem*` any ending; `{name}` one of a class under `[words]`; `^` and `$` where a sentence begins and ends.
    """
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    classes = {name: tuple(map(_spelled, words.split())) for name, words in content.pop("words").items()}
    signs = {name: tuple(map(_spelled, words)) for name, words in content.pop("signs").items()}
    denial, vocabulary = signs.pop("denial"), Vocabulary()
    return Phrasebook(
        vocabulary,
        {name: tuple(_group(entry, classes, vocabulary) for entry in entries) for name, entries in content.items()},
        denial,
        **{name: vocabulary.place(words) for name, words in signs.items()},
    )


def _group(entry: dict[str, Any], classes: Mapping[str, tuple[str, ...]], vocabulary: Vocabulary) -> Group:
    phrases = (phrase for text in entry["phrases"] for phrase in _orders(text, classes, vocabulary))
    unless = vocabulary.place(map(_spelled, entry.get("unless", "").split()))
    return Group(entry["weight"], tuple(phrases), entry.get("asked", False), unless)


def _orders(text: str, classes: Mapping[str, tuple[str, ...]], vocabulary: Vocabulary) -> Iterator[Phrase]:
    for parts in permutations(text.split(" & ")):
        written = " ".join(parts).split()
        begins, ends = written[0] == "^", written[-1] == "$"
        places = [_words(place, classes) for place in written[begins : len(written) - ends]]
        yield Phrase(tuple(map(vocabulary.place, places)), begins, ends)


def _words(text: str, classes: Mapping[str, tuple[str, ...]]) -> list[str]:
    words: list[str] = []
    for word in text.split("|"):
        words += classes[word[1:-1]] if word.startswith("{") else (_spelled(word),)
    return words


def _spelled(words: str) -> str:
    """Return words of the file in the spelling that texts are brought to; the mark of an open end stays."""
    return " ".join(plain(word.replace("'", "")) for word in words.split())
