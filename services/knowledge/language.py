"""Tells the language of a text among those that the bot speaks, by its letters and its commonest words."""

import re
from collections import Counter
from collections.abc import Callable, Collection

from services.knowledge.passages import Found
from services.knowledge.text import words

_KAZAKH = re.compile(r"[әғқңөұүһі]")  # letters that Russian lacks
_CYRILLIC = re.compile(r"[а-яё]")
_LATIN = re.compile(r"[a-z]")
_KAZAKH_SHARE = 0.06  # of the Cyrillic letters; Kazakh has about a fifth, Russian a name now and then
_UZBEK = frozenset(
    {"va", "uchun", "bilan", "qanday", "agar", "kerak", "mumkin", "yoki", "karta", "bo", "ham", "bu", "siz", "boladi"}
)
_ENGLISH = frozenset({"the", "and", "of", "to", "is", "in", "for", "you", "your", "how", "do", "can", "if", "a", "are"})


def detect(text: str) -> str | None:
    """Return "ru", "kk", "uz" or "en", or None where a text has hardly any letters."""
    folded = text.lower()
    cyrillic, latin = len(_CYRILLIC.findall(folded)), len(_LATIN.findall(folded))
    kazakh = len(_KAZAKH.findall(folded))
    if not cyrillic + kazakh + latin:
        return None
    if cyrillic + kazakh >= latin:
        return "kk" if kazakh > _KAZAKH_SHARE * (cyrillic + kazakh) else "ru"
    counts = Counter(words(folded))
    uzbek, english = (sum(counts[word] for word in common) for common in (_UZBEK, _ENGLISH))
    return "uz" if uzbek > english else "en"


def look_up(
    search: Callable[[str], Found], question: str, language: str, languages: Collection[str]
) -> tuple[str, Found]:
    """Return what the knowledge has on a question, and in which language to go on.

    That is the chat's; the question's own, if the bot speaks it and only there is an answer.
    """
    found, written = search(language), detect(question)
    if not found.answerable and written and written != language and written in languages:
        there = search(written)
        if there.answerable:
            return written, there
    return language, found
