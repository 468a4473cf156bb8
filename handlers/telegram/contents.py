"""What a message holds: words with their formatting, a file, a place, a card; nothing of it is stored unmasked."""

from typing import Any

from telegram import Message, MessageEntity

from services.outbound import Card, File, FileKind, Place
from utils.markup import Span, to_html
from utils.masking import Masked, mask

_QUOTED = 200  # characters of the message that was replied to

# Before "document": Telegram sets both for an animation.
_FILES = (
    FileKind.ANIMATION,
    FileKind.VOICE,
    FileKind.VIDEO_NOTE,
    FileKind.VIDEO,
    FileKind.PHOTO,
    FileKind.AUDIO,
    FileKind.DOCUMENT,
    FileKind.STICKER,
)


def words(message: Message) -> tuple[Masked, str]:
    """Return what a message or its caption says, masked, and as HTML where it is formatted.

    What held secrets loses its formatting: its spans do not fit any more.
    """
    text, entities = message.text or message.caption or "", message.entities or message.caption_entities
    masked = mask(text)
    if masked.found or not entities:
        return masked, ""
    html = to_html(text, [_span(entity) for entity in entities])
    return masked, html if html != to_html(text, ()) else ""


def said(message: Message) -> dict[str, Any]:
    """Return the fields of Spoken."""
    masked, html = words(message)
    replied = message.reply_to_message
    quoted = message.quote.text if message.quote else (replied.text or replied.caption or "") if replied else ""
    return {
        "text": masked.text,
        "html": html,
        "masked": frozenset(masked.found),
        "message_id": message.message_id,
        "reply_to": replied.message_id if replied else None,
        "quoted": mask(quoted).text[:_QUOTED],
    }


def file(message: Message) -> File | None:
    """Return the file that a message holds, of a photo the largest size."""
    for kind in _FILES:
        if held := getattr(message, kind, None):
            held = held[-1] if kind is FileKind.PHOTO else held
            name = getattr(held, "file_name", None) or getattr(held, "emoji", None) or ""
            mime = "image/jpeg" if kind is FileKind.PHOTO else getattr(held, "mime_type", None) or ""
            return File(kind=kind, id=held.file_id, size=held.file_size, mime=mime[:100], name=mask(name).text[:200])
    return None


def place(message: Message) -> Place | None:
    """Return the place that a message holds; one that moves is where it was when the message came."""
    if venue := message.venue:
        where = venue.location
        return Place(latitude=where.latitude, longitude=where.longitude, title=venue.title, address=venue.address)
    if point := message.location:
        return Place(latitude=point.latitude, longitude=point.longitude)
    return None


def card(message: Message) -> Card | None:
    """Return the contact card that a message holds."""
    if (contact := message.contact) is None:
        return None
    return Card(phone=contact.phone_number, first_name=contact.first_name, last_name=contact.last_name or "")


def _span(entity: MessageEntity) -> Span:
    url = entity.url or ""
    url = "" if mask(url).found else url
    return Span(entity.type, entity.offset, entity.length, url, entity.language or "")
