"""Heading: a message pinned in an operator's chat that always says which customer their words go to now."""

from collections.abc import Sequence
from hashlib import sha256
from html import unescape

from database.models import Author, Conversation, Delivery, Message, Operator, Priority
from services.desk.desk import Desk
from services.desk.keys import short
from services.outbound import Outbound
from utils.encryption import EncryptionError

_OTHERS = 5  # chats named beside the current one
_ENDED = "ended"  # the reason of a heading that was not sent before the last chat ended


def head_all(desk: Desk) -> None:
    """Bring each operator's heading up to date: written, changed where it stands, or gone with the last chat.

    Two workers may look at once, when the one whose turn it was is late: whoever holds an operator's row does it.
    """
    served: dict[int, list[Conversation]] = {}
    for chat in desk.uow.floor.served():
        if chat.staff_id is not None:
            served.setdefault(chat.staff_id, []).append(chat)
    for operator in desk.uow.operators.headed(served):
        if operator.telegram_id is not None:
            _head(desk, operator, operator.telegram_id, served.get(operator.telegram_id, ()))


def _head(desk: Desk, operator: Operator, account: int, chats: Sequence[Conversation]) -> None:
    if _stamp(_heading(desk, operator, account, chats)) == operator.header or not desk.uow.operators.hold_free(
        operator
    ):
        return
    html = _heading(desk, operator, account, chats)
    stamp = _stamp(html)
    if stamp == operator.header:
        return  # somebody else was quicker
    row = desk.uow.messages.row(operator.header_id) if operator.header_id else None
    if row is not None and _is_leaving(row):
        return  # nobody knows its number yet; the next look comes within a second
    operator.header = stamp
    if html:
        operator.header_id = _put(desk, account, html, row)
    else:
        _take_away(desk, account, row)
        operator.header_id = None


def _put(desk: Desk, account: int, html: str, row: Message | None) -> int:
    """Write a heading in the place of the one before; returns our number of it."""
    if row is not None and row.state == Delivery.PENDING:
        waiting = Outbound.model_validate_json(desk.uow.messages.opened(row)).model_copy(update={"html": html})
        desk.uow.messages.rewrite(row, waiting.model_dump_json(exclude_defaults=True))
        return row.id
    message = Outbound(html=html, pinned=True, replaces=_number(desk, row))
    written = desk.send(account, message, Author.SYSTEM, priority=Priority.NOTICE)
    desk.uow.session.flush()
    return written.id


def _take_away(desk: Desk, account: int, row: Message | None) -> None:
    if row is not None and row.state == Delivery.PENDING:
        row.state, row.reason = Delivery.DROPPED, _ENDED
    if (number := _number(desk, row)) is not None:
        gone = Outbound(html="", removes=number, pinned=True)
        desk.send(account, gone, Author.SYSTEM, priority=Priority.NOTICE)


def _number(desk: Desk, row: Message | None) -> int | None:
    """Return the messenger's number of the heading that stands there: what was sent, or was to be changed at least."""
    if row is None or row.state == Delivery.SENT:
        return row.telegram_message_id if row else None
    try:
        return Outbound.model_validate_json(desk.uow.messages.opened(row)).replaces
    except (EncryptionError, ValueError):
        return None  # its key has gone, or its text was erased; the headings of the others must not wait for that


def _stamp(html: str) -> str | None:
    return sha256(html.encode()).hexdigest()[:32] if html else None


def _is_leaving(row: Message) -> bool:
    return row.state == Delivery.SENDING or (row.state == Delivery.PENDING and row.attempt > 0)


def _heading(desk: Desk, operator: Operator, account: int, chats: Sequence[Conversation]) -> str:
    """Return what the pinned message says: the current chat as `Desk.current` tells it, and the others by name.

    Nothing without any chat.
    """
    if not chats:
        return ""
    meant = operator.current_id or (chats[0].id if len(chats) == 1 else None)
    current = next((chat for chat in chats if chat.id == meant), None)
    others = [chat for chat in chats if chat is not current]
    if current is None:
        lines = [desk.text(account, "desk.header_none")]
    else:
        lines = [desk.text(account, "desk.header", name=_name(desk, account, current), id=short(current))]
    if others:
        named = ", ".join(f"{_name(desk, account, chat)} #{short(chat)}" for chat in others[:_OTHERS])
        more = f" +{len(others) - _OTHERS}" if len(others) > _OTHERS else ""
        lines.append(desk.text(account, "desk.header_others", names=named + more))
    return "\n".join(lines)


def _name(desk: Desk, account: int, conversation: Conversation) -> str:
    name = desk.uow.users.profile(desk.customer(conversation))
    return name or unescape(desk.text(account, "handover.customer"))
