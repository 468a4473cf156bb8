"""What the profile tells of a customer, found in a text however it is declined."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.privacy.spans import Span
from utils.personal_data import DataClass

_SHORTEST = 2  # letters of a name; one letter is an initial
_DECLINED = 4  # letters from which on a word may have another ending
_ENDING = re.compile(r"[аяоеёуюыиьйaeiouy]\Z", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’`ʻʼ][^\W\d_]+)*")


@dataclass(frozen=True)
class Known:
    """Names and addresses of the customer who is spoken with, as the profile has them."""

    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    def spans(self, text: str) -> Iterator[Span]:
        """Find them in a text: names word by word, addresses as a whole."""
        yield from _found(_words_of(self.names), text, DataClass.NAME)
        for address in filter(None, map(str.split, self.addresses)):
            pattern = re.compile(r"[\s,.]+".join(re.escape(word.strip(",.")) for word in address), re.IGNORECASE)
            yield from (Span(*match.span(), DataClass.ADDRESS, named=True) for match in pattern.finditer(text))


NOBODY = Known()


def _words_of(names: Iterable[str]) -> list[str]:
    return [word for name in names for word in _WORD.findall(name) if len(word) >= _SHORTEST]


def _found(words: Iterable[str], text: str, kind: DataClass) -> Iterator[Span]:
    for word in words:
        stem, ending = word, ""
        if len(word) >= _DECLINED:
            stem, ending = _ENDING.sub("", word), r"[^\W\d_]{0,3}"
        for match in re.finditer(rf"(?<!\w){re.escape(stem)}{ending}(?!\w)", text, re.IGNORECASE):
            yield Span(*match.span(), kind, named=True)
