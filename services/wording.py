"""What one side says as messages for the other: under which name, in how many pieces, what goes beside a file."""

from dataclasses import dataclass
from html import escape

from database.models import Author, Conversation
from services.jobs_spoken import Share, Spoken
from services.outbound import UNCAPTIONED, Buttons, FileKind, Outbound
from utils.sentences import split_html

_CAPTION = 1024  # UTF-16 units (Bot API, sendPhoto)
_LONGEST = 1900  # characters of plain words in one message: it takes 4096 UTF-16 units, two a character at most
_LONGEST_HTML = 3400  # units of formatted words, which leaves room for a name and a quotation

SYMBOLS = {
    FileKind.PHOTO: "🖼",
    FileKind.VIDEO: "🎬",
    FileKind.ANIMATION: "🎞",
    FileKind.AUDIO: "🎵",
    FileKind.DOCUMENT: "📄",
    FileKind.VOICE: "🎙",
    FileKind.VIDEO_NOTE: "📹",
}


@dataclass(frozen=True)
class Line:
    """From one side's chat to the other's: under which name, as whose words.

    `named` says that what takes no words gets a line before it that tells whose it is. `buttons` go under the last
    message, but for an album, which takes none.
    """

    source: int
    chat_id: int
    name: str
    author: Author
    conversation: Conversation
    protected: bool = False
    named: bool = False
    buttons: Buttons = ()

    @property
    def head(self) -> str:
        """The name over what is passed on."""
        return f"<b>{escape(self.name)}</b>"


def recorded(job: Spoken) -> str:
    """Return what is kept of something said, in words and signs that need no language."""
    if not isinstance(job, Share):
        return job.text
    parts = [sign(job), job.text]
    return " ".join(part for part in parts if part)


def sign(job: Share) -> str:
    """Return a sign for something shared, and what it is called."""
    if file := job.file:
        return sign_of_file(file.kind, file.name)
    if place := job.place:
        return f"📍 {place.latitude:.5f}, {place.longitude:.5f} {place.title}".strip()
    return f"👤 {job.card.first_name} {job.card.last_name} {job.card.phone}" if job.card else ""


def sign_of_file(kind: str, name: str) -> str:
    """Return a sign for a file, and what it is called."""
    known = {str(each): symbol for each, symbol in SYMBOLS.items()}
    return f"{known.get(kind, '')} {name}".strip() or "🖼"


def escaped(job: Spoken) -> str:
    """Return words as HTML, with their formatting."""
    return job.html or escape(job.text)


def messages_for(line: Line, job: Spoken, reply_to: int | None = None) -> list[Outbound]:
    """Return something said as messages under the speaker's name; of a file the first one holds it."""
    quote = f"<blockquote>{escape(job.quoted)}</blockquote>\n" if job.quoted and reply_to is None else ""
    words = _words(line, job, quote)
    if isinstance(job, Share):
        carrier = Outbound(html="", files=(job.file,) if job.file else (), place=job.place, card=job.card)
        if takes_words(job):
            body = f"{line.head}\n{quote}{escaped(job)}".removesuffix("\n")
            fits = _units(f"{line.name}\n{job.text}{job.quoted}\n") <= _CAPTION
            carrier = carrier.model_copy(update={"html": body if fits else line.head})
            words = [] if fits else words
        elif not job.text:
            words = []
        words = [carrier, *words]
    messages = [message.model_copy(update={"protected": line.protected}) for message in words]
    messages[0] = messages[0].model_copy(update={"reply_to": reply_to})
    if line.buttons and not (isinstance(job, Share) and job.album):
        messages[-1] = messages[-1].model_copy(update={"buttons": line.buttons})
    return messages


def _words(line: Line, job: Spoken, quote: str) -> list[Outbound]:
    if job.html:
        pieces = split_html(job.html, _LONGEST_HTML)
    else:
        step = _LONGEST - len(job.quoted)
        pieces = [escape(job.text[start : start + step]) for start in range(0, len(job.text), step)]
    quotes = [quote] + [""] * len(pieces)
    return [Outbound(html=f"{line.head}\n{q}{piece}") for q, piece in zip(quotes, pieces, strict=False)]


def takes_words(job: Share) -> bool:
    """Return whether words go with it, as its caption."""
    return job.file is not None and job.file.kind not in UNCAPTIONED


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
