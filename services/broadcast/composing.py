"""What a broadcast says: from what its author sent to a message that Telegram takes for everybody."""

import re
from html import unescape
from urllib.parse import urlsplit

from database.models import BroadcastKind
from services.attachment_rules import crosses, largest
from services.errors import DeskRefusal
from services.jobs_spoken import Share, Spoken
from services.outbound import Button, File, FileKind, Outbound
from services.policy import Policy
from services.ports import Words
from utils.typed_markup import MarkupError, read_markup

LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024  # UTF-16 units after the mark-up was read (Bot API, sendMessage, sendPhoto)
MOST_LINKS, LONGEST_LABEL = 8, 64
_KINDS = frozenset({FileKind.PHOTO, FileKind.DOCUMENT, FileKind.VIDEO, FileKind.ANIMATION})
_TAG = re.compile(r"<[^>]*>")
_LINK = re.compile(r"(?P<label>.+?)\s*[-–—|:]?\s+(?P<address>https?://\S+)", re.IGNORECASE)
_MB = 2**20


def composed(spoken: Spoken, policy: Policy, links: tuple[tuple[Button, ...], ...] = ()) -> Outbound:
    """Return the message that somebody sent as an example, with the links of the one before; raises DeskRefusal."""
    file = _file(spoken, policy)
    return checked(Outbound(html=markup(spoken), files=(file,) if file else (), buttons=links))


def checked(message: Outbound) -> Outbound:
    """Return a message that may be sent; raises DeskRefusal for one that says nothing, or too much."""
    longest = LONGEST_CAPTION if message.files else LONGEST_TEXT
    words = visible(message.html)
    if not words.strip() and not message.files:
        raise DeskRefusal("broadcast.empty")
    if len(words.encode("utf-16-le")) // 2 > longest:
        raise DeskRefusal("broadcast.too_long", limit=longest)
    return message


def markup(spoken: Spoken) -> str:
    """Return what somebody said as HTML: as they formatted it, or as they typed it; raises DeskRefusal."""
    if spoken.html:
        return spoken.html
    try:
        return read_markup(spoken.text.strip())
    except MarkupError as error:
        raise DeskRefusal("broadcast.broken_html", tag=error.tag, line=error.line) from None


def links_of(text: str) -> tuple[tuple[Button, ...], ...]:
    """Return buttons, a row each, of lines such as `Rates - https://bank.example/rates`; raises DeskRefusal."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not 0 < len(lines) <= MOST_LINKS:
        raise DeskRefusal("broadcast.links_number", limit=MOST_LINKS)
    return tuple((_link(line),) for line in lines)


def final(message: Outbound, kind: str, words: Words, language: str) -> Outbound:
    """Return a message as customers get it: marketing carries the way out, for each in their language."""
    if kind != BroadcastKind.MARKETING:
        return message
    labels = {code: unescape(words.text(code, "broadcast.way_out")) for code in words.languages}
    way_out = Button(label=labels[language], data="subscribe:off", labels=labels)
    return message.model_copy(update={"buttons": (*message.buttons, (way_out,))})


def visible(html: str) -> str:
    """Return what is read of HTML."""
    return unescape(_TAG.sub("", html))


def _file(spoken: Spoken, policy: Policy) -> File | None:
    if not isinstance(spoken, Share):
        return None
    if spoken.album:
        raise DeskRefusal("broadcast.no_album")
    if spoken.file is None or spoken.file.kind not in _KINDS:
        raise DeskRefusal("broadcast.wrong_content")
    if not crosses(spoken.file, policy):
        limit = largest(spoken.file.kind, spoken.file.mime, policy)
        if spoken.file.size is not None and spoken.file.size > limit:
            raise DeskRefusal("media.too_large", limit=limit // _MB)
        raise DeskRefusal("media.wrong_type", types=", ".join(sorted(policy.file_types)))
    return spoken.file


def _link(line: str) -> Button:
    found = _LINK.fullmatch(line)
    label = found["label"].strip() if found else ""
    if found is None or not label or len(label) > LONGEST_LABEL or not _leads_somewhere(found["address"]):
        raise DeskRefusal("broadcast.wrong_link", line=line)
    return Button(label=label, url=found["address"])


def _leads_somewhere(address: str) -> bool:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return False
    return "." in host.strip(".")
