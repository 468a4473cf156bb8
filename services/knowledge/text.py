"""How a question and the knowledge are brought to one spelling before they are compared."""

import re
import unicodedata

MAX_QUESTION = 2_000  # characters; what comes after cannot change what the question is about

# Joiners, soft hyphens, variation selectors and stress marks vanish; symbols and controls part words.
_VANISHING = re.compile(r"[\u00ad\u0300\u0301\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff]")
_PARTING = frozenset({"So", "Sk", "Me", "Cc", "Cf", "Cn", "Co", "Cs"})
_APOSTROPHES = re.compile(r"(?<=\w)['`\u2018\u2019\u02bb\u02bc](?=\w)")
_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[^\W\d_a-zа-яё]|[«\"(\d])|\n+")


def normalise(question: str) -> str:
    """Return the question without emoji and invisible characters, on one line, cut at MAX_QUESTION."""
    text = _VANISHING.sub("", unicodedata.normalize("NFKC", question[:MAX_QUESTION]))
    text = "".join(" " if unicodedata.category(sign) in _PARTING else sign for sign in text)
    return " ".join(text.split())[:MAX_QUESTION].rstrip()


def words(text: str) -> list[str]:
    """Return the words and numbers of a text in lower case, with ё as е and without apostrophes."""
    folded = _VANISHING.sub("", unicodedata.normalize("NFKC", text)).lower().replace("ё", "е")
    return _WORD.findall(_APOSTROPHES.sub("", folded))


def sentences(text: str) -> list[str]:
    """Split a text after a full stop that a capital, a digit or a quotation follows, and at line breaks."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]
