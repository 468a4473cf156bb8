"""Choosing: which of several chats is the current one, by a button each."""

from html import unescape

from services.access import Permission
from services.denial import not_allowed
from services.desk.desk import Desk
from services.desk.keys import short
from services.errors import DeskRefusal, NotAllowedError
from services.ports import Button, Outbound
from services.turn import Turn


def show_chats(turn: Turn, desk: Desk, key: str) -> None:
    """Show the chats of the one who acts, with a button each to make it the current one; raises DeskRefusal."""
    desk.require(Permission.TAKE_CHATS)
    chats = desk.uow.floor.chats(desk.me)
    if not chats:
        raise DeskRefusal("desk.no_chat")
    current = desk.operator().current_id
    buttons = []
    for chat in chats:
        name = desk.uow.users.profile(desk.customer(chat)) or unescape(turn.text("handover.customer"))
        label = f"{'▶ ' if chat.id == current else ''}{name} · #{short(chat)}"
        buttons.append((Button(label=label, data=f"desk:use:{chat.id.hex}"),))
    turn.say(key, buttons=tuple(buttons))


def refused(turn: Turn, desk: Desk, refusal: DeskRefusal) -> None:
    """Tell the sender of an update why the desk does not do it; who has to choose a chat gets the buttons for that."""
    if refusal.key == "desk.choose" and desk.may(Permission.TAKE_CHATS):
        show_chats(turn, desk, refusal.key)
    elif isinstance(refusal, NotAllowedError):
        not_allowed(turn, refusal.permission)
    else:
        turn.reply(Outbound(html=turn.text(refusal.key, **refusal.params)))
