"""Drafts made out of the knowledge itself: some say the same in other words, some say something else."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random

from services.knowledge.parse import Entry
from services.knowledge.text import sentences
from utils.claim_words import NEGATION

_NUMBER = re.compile(r"(?<![\d.,:])\d+(?![\d:]|[.,]\d)")
_GROUPED = re.compile(r"(?<=\d)[\s,](?=\d{3}(?!\d))")
_NEGATIVE = re.compile(r"(?<!\w)(?:не|not)\s", re.IGNORECASE)
_BEGINNINGS = {"ru": "Да, ", "en": "Yes, "}
_NOT = {"ru": "не", "en": "not"}
_STRAY_LINK = {
    "ru": "Подробности на northquay-bonus.example/promo.",
    "en": "See northquay-bonus.example/promo for details.",
}


@dataclass(frozen=True)
class Draft:
    """A draft, the sentence in it that is the question, and whether that sentence is true of its passages."""

    text: str
    sentence: str


Maker = Callable[[Entry, Entry, Random, str], Iterator[Draft]]


def _itself(entry: Entry, _other: Entry, _random: Random, _language: str) -> Iterator[Draft]:
    return (Draft(entry.answer, sentence) for sentence in sentences(entry.answer))


def _reordered(entry: Entry, _other: Entry, random: Random, _language: str) -> Iterator[Draft]:
    parts = sentences(entry.answer)
    random.shuffle(parts)
    return (Draft(" ".join(parts), sentence) for sentence in parts)


def _respelled(entry: Entry, _other: Entry, _random: Random, _language: str) -> Iterator[Draft]:
    answer = _GROUPED.sub("", entry.answer).replace("%", " %").replace("–", "-").replace("ё", "е")
    return (Draft(answer, sentence) for sentence in sentences(answer))


def _shortened(entry: Entry, _other: Entry, random: Random, language: str) -> Iterator[Draft]:
    """Leave a word without figures out of each sentence, and begin it like an answer."""
    for sentence in sentences(entry.answer):
        said = sentence.split()
        free = [at for at, word in enumerate(said) if word.isalpha() and not NEGATION.search(word)]
        if len(said) > 3 and free:
            del said[random.choice(free)]
        text = _BEGINNINGS[language] + " ".join(said)
        yield Draft(text, text)


def _other_number(entry: Entry, _other: Entry, random: Random, _language: str) -> Iterator[Draft]:
    for sentence in sentences(entry.answer):
        places = list(_NUMBER.finditer(sentence))
        if places:
            place = random.choice(places)
            number = str(int(place.group()) * random.choice((2, 3)) + random.choice((1, 7)))
            false = sentence[: place.start()] + number + sentence[place.end() :]
            yield Draft(entry.answer.replace(sentence, false), false)


def _other_unit(entry: Entry, _other: Entry, _random: Random, _language: str) -> Iterator[Draft]:
    for sentence in sentences(entry.answer):
        for true, false in (("%", " ₽"), ("₽", "%")):
            if true in sentence:
                said = sentence.replace(true, false)
                yield Draft(entry.answer.replace(sentence, said), said)
                break


def _other_entry(entry: Entry, other: Entry, random: Random, _language: str) -> Iterator[Draft]:
    foreign = random.choice(sentences(other.answer))
    if foreign not in entry.answer:
        yield Draft(f"{entry.answer} {foreign}", foreign)


def _denied(entry: Entry, _other: Entry, _random: Random, language: str) -> Iterator[Draft]:
    """Put a "not" into each sentence that has none, or take it out of one that has."""
    for sentence in sentences(entry.answer):
        false = _NEGATIVE.sub("", sentence, count=1)
        if false == sentence:
            head, _, tail = sentence.partition(" ")
            false = f"{head} {_NOT[language]} {tail}"
        yield Draft(entry.answer.replace(sentence, false), false)


def _stray_link(entry: Entry, _other: Entry, _random: Random, language: str) -> Iterator[Draft]:
    yield Draft(f"{entry.answer} {_STRAY_LINK[language]}", _STRAY_LINK[language])


TRUE: Mapping[str, Maker] = {
    "itself": _itself,
    "reordered": _reordered,
    "respelled": _respelled,
    "shortened": _shortened,
}
FALSE: Mapping[str, Maker] = {
    "other number": _other_number,
    "other unit": _other_unit,
    "other entry": _other_entry,
    "denied": _denied,
    "stray link": _stray_link,
}
