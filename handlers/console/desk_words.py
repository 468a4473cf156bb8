"""What the desk's pages say of people, reasons and times, as HTML that is safe to show."""

from datetime import datetime
from html import escape
from zlib import crc32

from database.models import Availability, Delivery
from handlers.console.console import Visit
from services.desk.ending import LABELS
from services.wording import sign_of_file

_HUES = 360
_NOT_SENT = frozenset({Delivery.FAILED, Delivery.DEAD})
_WHY = {  # by the reasons of delivery that have a text of their own
    "blocked": "console.desk.why.blocked",
    "chat_not_found": "console.desk.why.chat_not_found",
    "bad_request": "console.desk.why.bad_request",
    "file_gone": "console.desk.why.file_gone",
    "storage": "console.desk.why.storage",
}
_DELIVERY = {
    Delivery.PENDING: ("◷", "console.desk.pending"),
    Delivery.SENDING: ("◷", "console.desk.pending"),
    Delivery.SENT: ("✓", "console.desk.sent"),
    Delivery.UNKNOWN: ("?", "console.desk.unknown"),
    Delivery.FAILED: ("!", "console.desk.failed"),
    Delivery.DEAD: ("!", "console.desk.failed"),
}


class Wording:
    """Texts and small pieces of HTML for one person."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit

    def text(self, key: str, /, **params: object) -> str:
        """Return a text, escaped."""
        return escape(self._visit.text(key, **params))

    def reason(self, reason: str) -> str:
        """Return why a person is wanted."""
        return self.text(f"desk.reason.{reason}")

    def state(self, availability: str | None) -> str:
        """Return what somebody says of themselves."""
        return self.text(f"desk.state.{availability or 'on_call'}")

    def code(self, name: str) -> str:
        """Return what a way to end a chat is called."""
        return self.text(f"desk.code.{name}") if name in LABELS["code"] else escape(name)

    def break_(self, name: str) -> str:
        """Return what a break is called."""
        return self.text(f"desk.break.{name}") if name in LABELS["break"] else escape(name)

    def language(self, code: str) -> str:
        """Return a language's own name."""
        words = self._visit.console.words
        return escape(words.text(code, "language.name")) if code in words.languages else escape(code)

    def sign(self, kind: str) -> str:
        """Return a sign for a kind of file."""
        return sign_of_file(kind, "")

    def delivery(self, state: Delivery) -> str:
        """Return a mark for what became of a message; nothing for what the customer said."""
        if state not in _DELIVERY:
            return ""
        sign, key = _DELIVERY[state]
        label = self.text(key)
        return (
            f'<span class="mark mark-{state}" data-testid="delivery" title="{label}" aria-label="{label}">{sign}</span>'
        )

    def problem(self, state: Delivery, reason: str | None) -> str:
        """Return why a message did not get to the customer; nothing for one that did, or still may."""
        if state not in _NOT_SENT:
            return ""
        return self.text(_WHY.get(reason or "", "console.desk.why.other"))


def avatar(name: str, key: str) -> str:
    """Return a round sign with the initials of a name, which is no HTML yet, in a colour of its own."""
    initials = "".join(word[0] for word in name.split()[:2]).upper() or "?"
    hue = crc32(key.encode()) % _HUES
    return f'<span class="avatar" aria-hidden="true" style="--hue: {hue}">{escape(initials)}</span>'


def clock(at: datetime) -> str:
    """Return a moment that the browser shows in its own time zone."""
    return f'<time data-at="{at.timestamp():.0f}"></time>'


def timer(since: datetime | float | None) -> str:
    """Return how long something has lasted, which the browser counts on; from a moment, or from so many seconds ago."""
    if since is None:
        return ""
    start = since.timestamp() if isinstance(since, datetime) else since
    return f'<span class="timer" data-since="{start:.0f}"></span>'


def button(label: str, act: str, classes: str = "", **data: str) -> str:
    """Return a button that does an act; `label` is HTML already."""
    attributes = "".join(f' data-{name}="{escape(value)}"' for name, value in data.items())
    shown = f'data-act="{act}" data-testid="{act}"{attributes}'
    return f'<button type="button" class="{classes}" {shown}>{label}</button>'


def local(label: str, name: str, classes: str = "quiet") -> str:
    """Return a button whose work the page's script does by itself."""
    return f'<button type="button" class="{classes}" data-local="{name}" data-testid="{name}">{label}</button>'


PRESENT = {Availability.ONLINE: "good", Availability.AWAY: "warn"}
