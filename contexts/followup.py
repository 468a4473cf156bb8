"""Follow-up questions: what to search for when a question only makes sense after the one before it."""

import re
from collections.abc import Sequence

from contexts.followup_words import EMPTY, GOING_ON, PLEASANT, POINTING
from contexts.prompt import Turn

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile(r"(?<=\w)['`\u2018\u2019\u02bb\u02bc](?=\w)")
_FEW = 1  # words of content with which a question that goes on is not one of its own
_BACK = 3  # questions of the customer that are looked at for the topic
_LONGEST = 300  # characters of the topic

_GOING_ON, _POINTING = frozenset(GOING_ON.split()), frozenset(POINTING.split())
_EMPTY, _PLEASANT = frozenset(EMPTY.split()), frozenset(PLEASANT.split())


def search_query(question: str, history: Sequence[Turn]) -> str:
    """Return what to search for: the question, with the topic before it where it has none of its own.

    The question stands there twice: the topic has more words and would find itself again.
    """
    if not goes_on(question):
        return question
    asked = [turn.text for turn in history if turn.role == "user"][-_BACK:]
    topic = next((content for text in reversed(asked) if not goes_on(text) and (content := _content(_words(text)))), ())
    return f"{question}\n{' '.join(topic)[:_LONGEST]}\n{question}" if topic else question


def goes_on(question: str) -> bool:
    """Tell whether a question needs the one before it: it points there, or goes on with hardly a word of its own."""
    words = _words(question)
    if not words or _PLEASANT.intersection(words):
        return False
    content = len(set(_content(words)))
    if content == 0:
        return True
    return content <= _FEW and (words[0] in _GOING_ON or "about" in words[:2] or bool(_POINTING.intersection(words)))


def _content(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(word for word in words if word not in _EMPTY)


def _words(text: str) -> list[str]:
    return _WORD.findall(_APOSTROPHES.sub("", text).lower().replace("ё", "е"))
