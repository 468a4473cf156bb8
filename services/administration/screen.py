"""What a section of the administrators' panel is made of: screens, their buttons, and the mark of what they show."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from services.access import Permission
from services.errors import OfficeRefusal
from services.outbound import Button, Buttons
from services.turn import Turn

OPEN = "open"
_LONGEST = 64  # bytes of a button's data (Bot API, InlineKeyboardButton)
_MARK = 6  # hexadecimal digits


@dataclass(frozen=True)
class Screen:
    """What a section shows; the frame adds when it was drawn, "refresh" and the way back to the menu.

    `page` and `argument` are what "refresh" opens, `notice` says above it what an act has done.
    One with `seconds` is taken out of the chat after so long, has no buttons, and "argument" is opened below it.
    """

    html: str
    buttons: Buttons = ()
    page: int = 0
    argument: str = ""
    notice: str = ""
    seconds: float = 0.0


Opens = Callable[[Turn, int, str], Screen]
Acts = Callable[[Turn, Sequence[str]], Screen]


@dataclass(frozen=True)
class Section:
    """A part of the panel; `title` is the key of its name in the catalogues.

    `open` is given a page, from 0, and an argument such as a row's key or what was typed; "" is the section's beginning
    and always opens. An act is given what follows its name in the button, of which the first is an argument for `open`:
    that is redrawn if the act raises OfficeRefusal, which it may before anything is written; else it returns the screen
    to show then. Whoever may not do what the permission names has been refused before.
    """

    key: str
    title: str
    permission: Permission
    open: Opens
    acts: Mapping[str, Acts] = field(default_factory=dict)


def data(section: str, act: str = OPEN, *arguments: object) -> str:
    """Return what a button of the panel holds; raises ValueError when that is more than 64 bytes."""
    joined = ":".join(("admin", section, act, *map(str, arguments)))
    if len(joined.encode()) > _LONGEST:
        raise ValueError("more than a button holds")
    return joined


def mark(*shown: object) -> str:
    """Return a short mark of what a screen shows, for its buttons."""
    return sha256(repr(shown).encode()).hexdigest()[:_MARK]


def require_fresh(given: str, *there: object) -> None:
    """Raise OfficeRefusal, after which the screen is redrawn, unless what it showed still is what there is."""
    if given != mark(*there):
        raise OfficeRefusal("admin.changed")


def pager(turn: Turn, section: str, screen: tuple[int, str], *, more: bool) -> Buttons:
    """Return a row with the ways to the pages beside one, or none; `screen` is its page and argument."""
    page, argument = screen
    row = []
    if page > 0:
        row.append(turn.button("admin.previous", data(section, OPEN, page - 1, argument)))
    if more:
        row.append(turn.button("admin.next", data(section, OPEN, page + 1, argument)))
    return (tuple(row),) if row else ()


def labelled(label: str, section: str, act: str, *arguments: object) -> tuple[Button, ...]:
    """Return a row of one button with a label that is no text of the catalogues, such as a name."""
    return (Button(label=label, data=data(section, act, *arguments)),)
