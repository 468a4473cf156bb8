"""Finds by words alone that a customer needs a person at once: fraud, a lost card, a wish for a person, distress."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path

from services.triggers.phrasebook import Phrasebook, read
from services.triggers.spelling import sentences

_PHRASES = Path(__file__).parent / "phrases"
_ENOUGH = 1.0
_SHOUTED = 0.5  # what capitals or exclamation marks add to words of anger
_LOUD_LETTERS = 10
_MOST_WORDS = 300  # of a text: whoever needs help says so before


class Trigger(StrEnum):
    """Why a person has to take over, the most pressing first."""

    FRAUD = "fraud"
    LOST_CARD = "lost_card"
    PERSON = "person"
    DISTRESS = "distress"

    @property
    def urgent(self) -> bool:
        """Whether money is at risk by the minute."""
        return self in (Trigger.FRAUD, Trigger.LOST_CARD)


def find(text: str) -> Trigger | None:
    """Return the most pressing trigger in a text, or None.

    Every language is tried, whatever the customer chose: people in need write in the one at hand.
    """
    weights = weigh(text)
    return next((trigger for trigger in Trigger if weights[trigger] >= _ENOUGH), None)


def weigh(text: str) -> Mapping[Trigger, float]:
    """Return what the phrases of each trigger in a text weigh, in the language where they weigh most; 1 is enough."""
    told = _beginning(sentences(text))
    found = [book.weigh(told) for book in _books().values()]
    weights = {trigger: max(weight.get(trigger, 0.0) for weight in found) for trigger in Trigger}
    if weights[Trigger.DISTRESS] and _shouted(text):
        weights[Trigger.DISTRESS] += _SHOUTED
    return weights


def _beginning(told: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    kept, left = [], _MOST_WORDS
    for sentence in told:
        kept.append(sentence[:left])
        left -= len(kept[-1])
    return [sentence for sentence in kept if sentence]


def _shouted(text: str) -> bool:
    letters = [sign for sign in text if sign.isalpha()]
    return "!!" in text or (len(letters) >= _LOUD_LETTERS and all(sign.isupper() for sign in letters))


@cache
def _books() -> Mapping[str, Phrasebook]:
    return {path.stem: read(path) for path in sorted(_PHRASES.glob("*.toml"))}
