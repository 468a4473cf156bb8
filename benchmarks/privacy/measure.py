"""Fills templates, lets the detectors look, and counts."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random

from benchmarks.privacy.values import values
from services.privacy.detection import find
from services.privacy.known import Known
from services.privacy.spans import Span
from utils.masking import mask
from utils.personal_data import DataClass

_PLACEHOLDER = re.compile(r"\{\{?(\w+)\}?\}")
_CLASSES = {
    "credit_card_number": DataClass.CARD,
    "card": DataClass.CARD,
    "cvv": DataClass.CVV,
    "code": DataClass.ONE_TIME_CODE,
    "phone_number": DataClass.PHONE,
    "name": DataClass.NAME,
    "name_male": DataClass.NAME,
    "name_female": DataClass.NAME,
    "person": DataClass.NAME,
    "имя": DataClass.NAME,
    "адрес": DataClass.ADDRESS,
    **{str(kind): kind for kind in DataClass if kind not in {DataClass.NAME, DataClass.ONE_TIME_CODE}},
}
_MASKED = {DataClass.CVV, DataClass.ONE_TIME_CODE}  # by utils.masking, before anything else looks


@dataclass(frozen=True)
class Filled:
    """A sentence, and where which personal data stands in it."""

    text: str
    planted: tuple[Span, ...]
    known: Known


@dataclass
class Figures:
    """Counts of one class: planted, hidden by whatever class, found as this class; spans given, and right ones."""

    planted: int = 0
    hidden: int = 0
    found: int = 0
    given: int = 0
    right: int = 0
    missed: list[str] = field(default_factory=list)

    def as_row(self) -> dict[str, float]:
        """Return counts and shares; a share of nothing is 1."""
        return {
            "planted": self.planted,
            "hidden": _share(self.hidden, self.planted),
            "recall": _share(self.found, self.planted),
            "precision": _share(self.right, self.given),
        }


def filled(templates: Iterable[str], seed: int, rounds: int) -> Iterator[Filled]:
    """Fill every template `rounds` times; the profile knows the names and addresses that were put in."""
    random = Random(seed)
    for _ in range(rounds):
        for template in templates:
            yield _fill(template, values(random))


def measure(sentences: Iterable[Filled]) -> dict[DataClass, Figures]:
    """Count per class what was found and what was taken for it."""
    figures = {kind: Figures() for kind in DataClass}
    for sentence in sentences:
        spans = find(sentence.text, sentence.known)
        masked = mask(sentence.text)
        for planted in sentence.planted:
            _count_planted(figures[planted.kind], planted, spans, sentence.text, masked.text)
        for span in spans:
            row = figures[span.kind]
            row.given += 1
            row.right += any(span.kind == other.kind and _touch(span, other) for other in sentence.planted)
        for kind, secret in ((DataClass.CVV, "cvv"), (DataClass.ONE_TIME_CODE, "code")):
            expected = Counter(planted.kind for planted in sentence.planted)[kind]
            figures[kind].given += secret in masked.found
            figures[kind].right += secret in masked.found and expected > 0
    return figures


def _fill(template: str, made: Mapping[str, str]) -> Filled:
    text, at, planted = "", 0, []
    names: list[str] = []
    addresses: list[str] = []
    for place in _PLACEHOLDER.finditer(template):
        text += template[at : place.start()]
        value = made.get(place.group(1), place.group(1).replace("_", " "))
        if kind := _CLASSES.get(place.group(1)):
            planted.append(Span(len(text), len(text) + len(value), kind))
            (names if kind == DataClass.NAME else addresses if kind == DataClass.ADDRESS else []).append(value)
        text, at = text + value, place.end()
    return Filled(text + template[at:], tuple(planted), Known(tuple(names), tuple(addresses)))


def _count_planted(row: Figures, planted: Span, spans: list[Span], text: str, masked: str) -> None:
    value = text[planted.start : planted.end]
    row.planted += 1
    if planted.kind in _MASKED:
        done = value not in masked
        row.hidden, row.found = row.hidden + done, row.found + done
    else:
        covered = {at for span in spans for at in range(span.start, span.end)}
        done = all(at in covered for at in range(planted.start, planted.end) if text[at].isalnum())
        row.hidden += done
        row.found += done and any(span.kind == planted.kind and _touch(span, planted) for span in spans)
    if not done:
        row.missed.append(text)


def _touch(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 1.0
