"""Messages that are no commands: text, contacts, and everything the bot does not work with yet."""

from telegram import ChatMember, Update

from services import jobs
from utils.masking import mask


def text(update: Update) -> jobs.Job:
    """Free text; card numbers, CVV and one-time codes are masked before anything is stored."""
    message = update.message
    assert message is not None  # noqa: S101 - the table says so
    masked = mask(message.text or "")
    replied = message.reply_to_message
    return jobs.Say(
        text=masked.text,
        masked=frozenset(masked.found),
        message_id=message.message_id,
        reply_to=replied.message_id if replied else None,
    )


def contact(update: Update) -> jobs.Job:
    """Read a contact card: the sender's own, or somebody else's."""
    assert update.message is not None  # noqa: S101 - the table says so
    card = update.message.contact
    assert card is not None  # noqa: S101 - the table says so
    return jobs.ShareContact(phone=card.phone_number, owner_id=card.user_id)


def edited(update: Update) -> jobs.Job:
    """Meet an edit of an earlier message."""
    del update
    return jobs.Unsupported(what="edited")


def unsupported(update: Update) -> jobs.Job:
    """Name what the bot does not work with yet: voice, photos, stickers, polls and so on."""
    return jobs.Unsupported(what=kind_of(update))


def membership(update: Update) -> jobs.Job:
    """Notice that the person blocked the bot, or came back."""
    change = update.my_chat_member
    return jobs.Membership(blocked=change is not None and change.new_chat_member.status == ChatMember.BANNED)


KINDS = (
    "voice",
    "video_note",
    "video",
    "animation",  # before "document": Telegram sets both for a GIF
    "photo",
    "audio",
    "document",
    "sticker",
    "poll",
    "location",
    "dice",
    "story",
)


def kind_of(update: Update) -> str:
    """Return which of KINDS a message is, else "other"."""
    return next((kind for kind in KINDS if getattr(update.message, kind, None)), "other")
