"""Beside the chat: notes for colleagues, canned replies, and the reply that the knowledge suggests."""

from collections.abc import Mapping
from html import unescape

from database.models import CannedReply, Conversation, NoteKind, Priority
from database.queries.desk import Noted
from services.access import Permission
from services.desk.desk import Desk
from services.desk.keys import short
from services.desk.people import name_of
from services.desk.relaying import say
from services.errors import DeskRefusal
from services.jobs import LONGEST, Say
from utils.masking import mask

_SHOWN = 1_000  # characters of what was said, in one's own chat


def note(desk: Desk, conversation: Conversation, text: str) -> None:
    """Keep a note beside a chat of one's own; raises DeskRefusal."""
    desk.require(Permission.TAKE_CHATS)
    if conversation.staff_id != desk.me:
        raise DeskRefusal("desk.not_yours")
    if not text.strip() or len(text) > LONGEST:
        raise DeskRefusal("desk.note_usage")
    desk.uow.desk.note(conversation, mask(text.strip()).text, desk.me)


def canned(desk: Desk, conversation: Conversation | None = None) -> list[CannedReply]:
    """Return the canned replies there are, in a customer's language if one is named."""
    desk.require(Permission.TAKE_CHATS)
    language = desk.language_of(conversation.chat_id) if conversation else desk.language_of(desk.me)
    return desk.uow.desk.canned(language)


def rendered(desk: Desk, conversation: Conversation, shortcut: str) -> str:
    """Return a canned reply with its placeholders filled in: {name}, {operator}, {id}; raises DeskRefusal."""
    wanted = shortcut.strip().lstrip("/").lower()
    reply = next((row for row in canned(desk, conversation) if row.shortcut == wanted), None)
    if reply is None:
        raise DeskRefusal("desk.no_canned")
    language = desk.language_of(conversation.chat_id)
    values = {
        "name": desk.uow.users.profile(desk.customer(conversation)),
        "operator": unescape(name_of(desk, desk.me, language)),
        "id": short(conversation),
    }
    return _filled(reply.text, values)


def send_canned(desk: Desk, conversation: Conversation, shortcut: str) -> str:
    """Say a canned reply to a customer of one's own, and return it; raises DeskRefusal."""
    text = rendered(desk, conversation, shortcut)
    say(desk, conversation, Say(text=text))
    return text


def show_said(desk: Desk, conversation: Conversation, text: str) -> None:
    """Show the one who acts in their own chat what they said in the console, so that both tell the same."""
    shown = mask(text.strip()).text
    shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
    desk.tell(
        desk.me, "desk.said", conversation=conversation, priority=Priority.NOTICE, id=short(conversation), text=shown
    )


def stands(conversation: Conversation, suggested: Noted) -> bool:
    """Return whether the operator has said nothing since something was suggested."""
    return conversation.spoke_at is None or conversation.spoke_at < suggested.created_at


def suggestion(desk: Desk, conversation: Conversation, number: int | None = None) -> str:
    """Return what the knowledge suggested to say, the newest or the one of a number; raises DeskRefusal."""
    found = desk.uow.desk.notes(conversation.id, NoteKind.SUGGESTION)
    chosen = [noted for noted in found if number in {None, noted.id}]
    if not chosen:
        raise DeskRefusal("button.stale")
    return chosen[-1].text


def send_suggestion(desk: Desk, conversation: Conversation, number: int) -> str:
    """Say a suggested reply to a customer of one's own, and return it; raises DeskRefusal."""
    desk.require(Permission.TAKE_CHATS)
    text = suggestion(desk, conversation, number)
    say(desk, conversation, Say(text=text))
    return text


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text
