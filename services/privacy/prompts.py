"""Takes personal data out of a prompt: what people said is hidden, the bank's instructions and passages stay."""

import re
from collections.abc import Iterator, Sequence
from html import unescape

from contexts.prompt import Message, neutralise
from services.privacy.known import Known
from services.privacy.tokens import Hidden, hide
from utils.personal_data import Sight

# What people wrote has no angle bracket of its own (`neutralise`), so every element here is one of ours.
_OURS = re.compile(r"(<passages>.*?</passages>|<[^<>]*>)", re.DOTALL)


def hide_prompt(messages: Sequence[Message], sight: Sight) -> tuple[list[Message], Hidden]:
    """Return the messages as a provider with this sight may have them, and what restores its answer.

    Names that a message brings along (`names`) are hidden in all of them and go no further. In the system's message
    only what stands inside an element is somebody's words. Raises PrivacyError.
    """
    known = Known(tuple(dict.fromkeys(name for message in messages for name in message.get("names", ()))))
    pieces = [_OURS.split(message["content"]) for message in messages]
    places = [place for number, message in enumerate(messages) for place in _said(message, number, pieces[number])]
    hidden = hide([unescape(pieces[number][at]) for number, at in places], sight, known)
    for (number, at), text in zip(places, hidden.texts, strict=True):
        if text != unescape(pieces[number][at]):
            pieces[number][at] = neutralise(text)
    told = [Message(role=message["role"], content="".join(own)) for message, own in zip(messages, pieces, strict=True)]
    return told, hidden


def _said(message: Message, number: int, pieces: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where somebody's words stand among a message's pieces: every other piece is an element of ours."""
    depth = 0
    for at, piece in enumerate(pieces):
        if at % 2:
            depth += -1 if piece.startswith("</") else 0 if piece.startswith("<passages>") else 1
        elif piece.strip() and (depth or message["role"] != "system"):
            yield number, at
