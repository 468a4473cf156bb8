"""What goes out to a person, in no channel's own terms: text, files, places, contact cards, buttons."""

from enum import StrEnum, auto
from uuid import UUID

from pydantic import Field

from services.job import Frozen


class Button(Frozen):
    """A button under a message: its label, and what comes back on a press (64 bytes at most) or where it leads.

    `labels` are its label by language, under a message that people of several languages share.
    """

    label: str
    data: str = ""
    url: str = ""
    labels: dict[str, str] = Field(default_factory=dict)

    def read_in(self, language: str | None) -> "Button":
        """Return it as a reader of a language gets it."""
        return Button(label=self.labels.get(language or "", self.label), data=self.data, url=self.url)


Buttons = tuple[tuple[Button, ...], ...]
"""Buttons, row by row."""


class FileKind(StrEnum):
    """How a messenger shows a file."""

    PHOTO = auto()
    VIDEO = auto()
    ANIMATION = auto()
    AUDIO = auto()
    DOCUMENT = auto()
    VOICE = auto()
    VIDEO_NOTE = auto()
    STICKER = auto()


UNCAPTIONED = frozenset({FileKind.VIDEO_NOTE, FileKind.STICKER})


class File(Frozen):
    """A file that the messenger keeps under `id`, good for this bot alone; `size` in bytes where it is known.

    `own` names one that the messenger does not have yet: its bytes are in our storage, and `id` is empty. `source` is
    set instead for a document that is made from rows at the moment at which it leaves, so that no copy of it lies
    anywhere: what makes it knows it by this name. `html` is its own caption, for all but the first of an album.
    """

    kind: FileKind
    id: str = ""
    own: UUID | None = None
    size: int | None = None
    mime: str = ""
    name: str = ""
    html: str = ""
    source: str = ""


class Place(Frozen):
    """A point on the map, perhaps with what stands there."""

    latitude: float
    longitude: float
    title: str = ""
    address: str = ""


class Card(Frozen):
    """Somebody's contact card."""

    phone: str
    first_name: str
    last_name: str = ""


class Outbound(Frozen):
    """A message for a person; `html` knows b, i, u, s, tg-spoiler, code, pre, a and blockquote.

    With `files` it is their caption: one file, or an album of up to ten, which go together or not at all. `place` and
    `card` go without words. `contact_label` asks for the person's phone by a button of that label; `clear_keyboard`
    takes such a button away. `reply_to` is the messenger's number of a message that this one answers, if that is still
    there. `replaces` is the number of a message whose place it takes, `removes` of one that is taken back: however
    often those are sent, it is done once. `pinned` keeps it in sight above the chat. `paid` may cost something.
    """

    html: str
    buttons: Buttons = ()
    contact_label: str | None = None
    clear_keyboard: bool = False
    protected: bool = False
    files: tuple[File, ...] = ()
    place: Place | None = None
    card: Card | None = None
    reply_to: int | None = None
    replaces: int | None = None
    removes: int | None = None
    pinned: bool = False
    paid: bool = False

    def read_in(self, language: str | None) -> "Outbound":
        """Return it as a reader of a language gets it, where people of several languages share it."""
        rows = tuple(tuple(button.read_in(language) for button in row) for row in self.buttons)
        return self.model_copy(update={"buttons": rows})
