"""Phrases of one language that give a trigger away, as its file holds them, and how they are found in sentences."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Any

from services.triggers.spelling import LONG, plain, slipped

_GAP = 2  # words that may stand between two of a phrase
_REACH = 2  # words before a phrase within which a negation is about it


class Element:
    """The words of which one has to stand in a place of a phrase; sorted so that a word is compared with few."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.words = frozenset(words)
        self._exact = frozenset(word for word in self.words if not word.endswith("*"))
        self._stems = tuple(word.removesuffix("*") for word in self.words if word.endswith("*"))
        self._long: dict[str, list[str]] = {}
        for word in self.words:
            if len(word.removesuffix("*")) >= LONG:
                self._long.setdefault(word[0], []).append(word)

    def __contains__(self, word: str) -> bool:
        """Tell whether a word is one of these, but for a slip in a long one."""
        if word in self._exact or word.startswith(self._stems):
            return True
        return len(word) >= LONG - 1 and any(slipped(word, wanted) for wanted in self._long.get(word[0], ()))


@dataclass(frozen=True)
class Phrase:
    """Elements in their order; `begins` and `ends` tie them to the sentence's first and last word."""

    elements: tuple[Element, ...]
    begins: bool
    ends: bool

    def places(self, sentence: Sequence[str]) -> Iterator[list[int]]:
        """Yield where the words of a phrase stand in a sentence."""
        for places in self._from(0, sentence, 0, 1 if self.begins else len(sentence)):
            if not self.ends or places[-1] == len(sentence) - 1:
                yield places

    def _from(self, part: int, sentence: Sequence[str], start: int, end: int) -> Iterator[list[int]]:
        """Yield the places of the elements from `part` on, whose first word stands from `start` to before `end`."""
        for place in range(start, min(end, len(sentence))):
            if sentence[place] not in self.elements[part]:
                continue
            if part == len(self.elements) - 1:
                yield [place]
                continue
            for rest in self._from(part + 1, sentence, place + 1, place + 2 + _GAP):
                yield [place, *rest]


@dataclass(frozen=True)
class Group:
    """Phrases of one weight: at 1 each of them is enough, less needs company.

    `asked`: they count in a question about the matter ("how do I reach a person?") too. `unless`: words that, anywhere
    in the text, say that it is about something else.
    """

    weight: float
    phrases: tuple[Phrase, ...]
    asked: bool
    unless: Element


@dataclass(frozen=True)
class Phrasebook:
    """The phrases of one language by trigger, and the words that take them back.

    `negation` stands before what it denies, `denial` after it; `supposing` and `asking` before a case that did not
    happen; `opening` asks only as a sentence's first word; `filler` says nothing.
    """

    groups: dict[str, tuple[Group, ...]]
    negation: Element
    denial: tuple[str, ...]
    supposing: Element
    asking: Element
    opening: Element
    filler: Element

    def weigh(self, sentences: Sequence[Sequence[str]]) -> dict[str, float]:
        """Return how much each trigger's phrases in a text weigh together."""
        told = [[word for word in sentence if word not in self.filler] for sentence in sentences]
        every = {word for sentence in told for word in sentence}
        return {
            trigger: sum(
                group.weight
                for group in groups
                if not any(word in group.unless for word in every) and self._holds(group, told)
            )
            for trigger, groups in self.groups.items()
        }

    def _holds(self, group: Group, told: Sequence[Sequence[str]]) -> bool:
        return any(
            self._meant(sentence, places, asked=group.asked)
            for sentence in told
            for phrase in group.phrases
            for places in phrase.places(sentence)
        )

    def _meant(self, sentence: Sequence[str], places: Sequence[int], *, asked: bool) -> bool:
        """Tell whether words at some places are said of what happened: not denied, supposed or asked about."""
        first, last = places[0], places[-1]
        near = {*range(max(0, first - _REACH), first), *(place - 1 for place in places if place)} - set(places)
        if any(sentence[place] in self.negation for place in near):
            return False
        after = " ".join(sentence[last + 1 :]) + " "
        if any(after.startswith(f"{words} ") for words in self.denial):
            return False
        before = sentence[:first]
        if any(word in self.supposing for word in before):
            return False
        return asked or not (any(word in self.asking for word in before) or (before and before[0] in self.opening))


def read(path: Path) -> Phrasebook:
    """Read a language's file.

    A phrase is words in their order with two others between them at most; `a & b` in any order; `a|b` either;
    `stem*` any ending; `{name}` one of a class under `[words]`; `^` and `$` where a sentence begins and ends.
    """
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    classes = {name: tuple(map(_spelled, words.split())) for name, words in content.pop("words").items()}
    signs = {name: tuple(map(_spelled, words)) for name, words in content.pop("signs").items()}
    denial = signs.pop("denial")
    return Phrasebook(
        {trigger: tuple(_group(entry, classes) for entry in entries) for trigger, entries in content.items()},
        denial=denial,
        **{name: Element(words) for name, words in signs.items()},
    )


def _group(entry: dict[str, Any], classes: Mapping[str, tuple[str, ...]]) -> Group:
    phrases = (phrase for text in entry["phrases"] for phrase in _orders(text, classes))
    unless = Element(map(_spelled, entry.get("unless", "").split()))
    return Group(entry["weight"], tuple(phrases), entry.get("asked", False), unless)


def _orders(text: str, classes: Mapping[str, tuple[str, ...]]) -> Iterator[Phrase]:
    for parts in permutations(text.split(" & ")):
        written = " ".join(parts).split()
        begins, ends = written[0] == "^", written[-1] == "$"
        places = written[begins : len(written) - ends]
        yield Phrase(tuple(_element(place, classes) for place in places), begins, ends)


def _element(text: str, classes: Mapping[str, tuple[str, ...]]) -> Element:
    words: list[str] = []
    for word in text.split("|"):
        words += classes[word[1:-1]] if word.startswith("{") else (_spelled(word),)
    return Element(words)


def _spelled(words: str) -> str:
    """Return words of the file in the spelling that texts are brought to; the mark of an open end stays."""
    return " ".join(plain(word.replace("'", "")) for word in words.split())
