"""Jobs for what people say to each other: words, files, places, cards, edits, and what they take back."""

from typing import Literal

from services.job import Frozen
from services.outbound import Card, File, Place


class Spoken(Frozen):
    """Words as typed; numbers are the messenger's. `html` is set where they are formatted in a way that counts.

    `quoted` is the beginning of the message that is replied to, for a reader who does not have it.
    """

    text: str = ""
    html: str = ""
    masked: frozenset[str] = frozenset()  # the secrets that it held
    message_id: int | None = None
    reply_to: int | None = None
    quoted: str = ""


class Share(Spoken):
    """One thing beside words, with words to it perhaps; `album` names those that were sent together."""

    kind: Literal["share"] = "share"
    file: File | None = None
    place: Place | None = None
    card: Card | None = None
    album: str | None = None


class Edit(Spoken):
    """What a message that was sent says now; with `file`, its caption and the file that it holds now."""

    kind: Literal["edit"] = "edit"
    file: File | None = None


class TakeBack(Frozen):
    """The person wants a message of theirs not to be there on the other side: the one that the command replies to."""

    kind: Literal["take_back"] = "take_back"
    reply_to: int | None = None
