"""Puts tokens in the place of personal data, `[IBAN_1]` or `[DATA_1]`, and the data back into what was answered."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from services.privacy.detection import DETECTORS, Detector, find
from services.privacy.known import NOBODY, Known
from services.privacy.spans import Span, plain
from utils.masking import mask
from utils.personal_data import BLIND, SECRETS, DataClass, Sight

NEUTRAL = "DATA"  # of a class whose very type is nobody's business
_FORGOTTEN = "•••"  # what comes back for a secret
_TOKEN = re.compile(r"\[([A-Z]{2,10})_(\d{1,6})\]", re.IGNORECASE | re.ASCII)
# Anything that a reader, or a model, may take for a token, however it is written.
_LIKE_TOKEN = re.compile(r"[A-Z]{2,10}[\s_\-–—‗＿]{1,3}(\d{1,6})(?!\d)", re.IGNORECASE)
_NATIONAL = 10  # digits of a phone without its country's code or trunk prefix
_FILLING = re.compile(r"[\s\-().\u00ad\u200b-\u200f\u2060-\u2064\ufeff]+")


@dataclass(frozen=True)
class Hidden:
    """Texts without personal data, and what their tokens stand for."""

    texts: tuple[str, ...]
    values: Mapping[str, str]
    counts: Mapping[str, int]  # of values hidden, by class

    def restore(self, text: str) -> str:
        """Put back what these tokens stand for; secrets stay forgotten, tokens of anybody else stay as they are."""
        return _TOKEN.sub(lambda match: self.values.get(match.group().upper(), match.group()), text)


def hide(
    texts: Sequence[str], sight: Sight = BLIND, known: Known = NOBODY, detectors: Sequence[Detector] = DETECTORS
) -> Hidden:
    """Replace personal data in the texts of one dialog; one value has one token in all of them.

    `sight` says what may stay in clear, and for which classes a token may name the type. Cards, CVV and one-time
    codes go first and for good (`utils.masking`). A number that somebody typed as part of a token is never
    issued, so nobody gets data by spelling one. Raises PrivacyError when a detector fails: then nothing may leave.
    """
    texts = [mask(text).text for text in texts]
    numbers = _free_numbers(texts)
    tokens: dict[tuple[DataClass, str], str] = {}
    values: dict[str, str] = {}
    counts: Counter[str] = Counter()

    def token_for(span: Span, text: str) -> str:
        said = text[span.start : span.end]
        key = (span.kind, _same(said, span.kind))
        if key not in tokens:
            label = span.kind.upper() if span.kind in sight.types else NEUTRAL
            tokens[key] = f"[{label}_{next(numbers)}]"
            counts[span.kind] += 1
            values[tokens[key]] = _FORGOTTEN if span.kind in SECRETS else said
        return tokens[key]

    hidden = []
    for text in texts:
        at, pieces = 0, []
        for span in find(text, known, detectors):
            if span.kind not in sight.values:
                pieces += [text[at : span.start], token_for(span, text)]
                at = span.end
        hidden.append("".join([*pieces, text[at:]]))
    return Hidden(tuple(hidden), values, counts)


def _same(said: str, kind: DataClass) -> str:
    """Return what all spellings of one value have in common."""
    bare = _FILLING.sub("", plain(said)).casefold()
    return bare[-_NATIONAL:] if kind == DataClass.PHONE else bare


def _free_numbers(texts: Sequence[str]) -> Iterator[int]:
    taken = {int(match.group(1)) for text in texts for match in _LIKE_TOKEN.finditer(plain(text))}
    return (number for number in count(1) if number not in taken)
