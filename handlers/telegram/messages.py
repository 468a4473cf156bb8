"""Messages that are no commands: text, contacts, and everything the bot does not work with yet."""

from telegram import ChatMember, Message, Update

from handlers.telegram import contents
from services import jobs
from services.jobs_spoken import Edit, Share


def text(update: Update) -> jobs.Job:
    """Free text; card numbers, CVV and one-time codes are masked before anything is stored."""
    return jobs.Say(**contents.said(_message(update)))


def shared(update: Update) -> jobs.Job:
    """Read a file, a place, or an item of an album."""
    message = _message(update)
    parts = {"file": contents.file(message), "place": contents.place(message), "album": message.media_group_id}
    return Share(**contents.said(message), **parts)


def contact(update: Update) -> jobs.Job:
    """Read a contact card: the sender's own, or somebody else's."""
    message = _message(update)
    card = message.contact
    assert card is not None  # noqa: S101 - the table says so
    passed_on = Share(**contents.said(message), card=contents.card(message))
    return jobs.ShareContact(phone=card.phone_number, owner_id=card.user_id, shared=passed_on)


def edited(update: Update) -> jobs.Job:
    """Read what an earlier message says now."""
    message = update.edited_message
    assert message is not None  # noqa: S101 - the table says so
    return Edit(**contents.said(message), file=contents.file(message))


def unsupported(update: Update) -> jobs.Job:
    """Name what nobody here works with: polls, dice, games and so on."""
    return jobs.Unsupported(what=kind_of(update))


def membership(update: Update) -> jobs.Job:
    """Notice that the person blocked the bot, or came back."""
    change = update.my_chat_member
    return jobs.Membership(blocked=change is not None and change.new_chat_member.status == ChatMember.BANNED)


KINDS = ("poll", "dice", "story", "game", "paid_media", "checklist", "giveaway", "invoice")


def kind_of(update: Update) -> str:
    """Return which of KINDS a message is, else "other"."""
    return next((kind for kind in KINDS if getattr(update.message, kind, None)), "other")


def _message(update: Update) -> Message:
    assert update.message is not None  # noqa: S101 - the table says so
    return update.message
