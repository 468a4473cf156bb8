"""Brings what people type to one spelling, and tells whether two words are the same but for a slip of the finger."""

import re
import unicodedata

_APART = re.compile(r"[.!?…;\n]+")
_WORD = re.compile(r"[^\W_]+")
_VANISHING = re.compile(
    r"[\u00ad\u0300\u0301\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff]|(?<=\w)['`\u2018\u2019\u02bb\u02bc](?=\w)"
)
_CYRILLIC = re.compile(r"[а-яё]")
# Letters that look alike in both alphabets: people mix them by a wrong layout, or to get past a filter.
_TO_CYRILLIC = str.maketrans("aceopxykmthbi", "асеорхукмтнви")
_TO_LATIN = str.maketrans("асеорхукмтнви", "aceopxykmthbi")
# Letters beyond Russian's are often typed as their nearest Russian ones, so that both are read as those.
_PLAIN = str.maketrans("ёәғқңөұүһіўҳ", "еагкноуухиух")
LONG = 6  # letters from which one slip leaves little doubt what was meant


def sentences(text: str) -> list[list[str]]:
    """Return the words of each sentence, in lower case, in one alphabet each and without apostrophes."""
    whole = _VANISHING.sub("", unicodedata.normalize("NFKC", text)).lower().translate(_PLAIN)
    parts = ([plain(word) for word in _WORD.findall(part)] for part in _APART.split(whole))
    return [part for part in parts if part]


def plain(word: str) -> str:
    """Return a word in lower case in the alphabet that most of its letters belong to."""
    word = word.lower().translate(_PLAIN)
    cyrillic = len(_CYRILLIC.findall(word))
    if cyrillic == 0 or cyrillic == len(word):
        return word
    return word.translate(_TO_CYRILLIC if 2 * cyrillic >= len(word) else _TO_LATIN)


def slipped(word: str, wanted: str) -> bool:
    """Tell whether a word is the wanted one (with `*` at its end: begins like it) but for one slip.

    The last letter has to be right: there, words of one stem part (employer and employee).
    """
    stem = wanted.removesuffix("*")
    if stem == wanted:
        return _one_slip(word, stem)
    return any(_one_slip(word[: len(stem) + longer], stem) for longer in (-1, 0, 1))


def _one_slip(one: str, other: str) -> bool:
    """Tell whether one letter more, less or changed, or two neighbours swapped, make one word the other."""
    if abs(len(one) - len(other)) > 1 or one[-1] != other[-1]:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, wanted = one[start:], other[start:]
    swapped = rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:]
    return swapped or rest[1:] == wanted[1:] or rest[1:] == wanted or rest == wanted[1:]
