"""What the staff are shown in Telegram: the queue, their chats, a history, canned replies, the whole desk."""

from collections.abc import Callable, Sequence
from html import escape, unescape

from database.models import Author, Conversation
from services.access import Permission
from services.desk.desk import Desk
from services.desk.keys import number, short
from services.desk.noting import canned
from services.desk.people import name_of
from services.desk.reading import Line, reads
from services.desk.supervising import Waiting, minutes, operator_line, overview, queue
from services.errors import DeskRefusal
from services.ports import Button, Outbound
from services.turn import Turn
from utils.sentences import split_html

_MARKS = {Author.CUSTOMER: "👤", Author.OPERATOR: "👩‍💼", Author.AI: "🤖"}
_SHOWN, _BUTTONS, _LONGEST, _DAY = 30, 5, 3000, 86_400.0


def show_queue(turn: Turn, desk: Desk) -> None:
    """Show who waits, with a button each for the first of them."""
    waiting = queue(desk, _SHOWN)
    if not waiting:
        turn.say("desk.nobody_waits")
        return
    lines = [_waiting_line(turn, each) for each in waiting]
    take = turn.text("handover.take")
    buttons = tuple(
        (Button(label=f"{unescape(take)} #{each.short}", data=f"take:{each.id}"),) for each in waiting[:_BUTTONS]
    )
    turn.reply(Outbound(html=turn.text("desk.waiting") + "\n" + "\n".join(lines), buttons=buttons))


def show_history(turn: Turn, conversation: Conversation, lines: Sequence[Line]) -> None:
    """Show messages of a customer, in as many of the bot's as they need."""
    said = "\n".join(f"{_MARKS.get(line.author, '·')} {escape(line.text)}" for line in lines) or "—"
    for piece in split_html(turn.text("desk.history", id=short(conversation)) + "\n" + said):
        turn.reply(Outbound(html=piece, protected=True))


def show_canned(turn: Turn, desk: Desk) -> None:
    """Show the canned replies there are, with a button each to say it in the current chat; raises DeskRefusal."""
    current = desk.current()
    conversation = desk.locked(current) if current else None
    replies = canned(desk, conversation)
    if not replies:
        raise DeskRefusal("desk.no_canned_yet")
    lines = [f"<b>/{escape(row.shortcut)}</b> {escape(row.text[:80])}" for row in replies[:_SHOWN]]
    buttons = tuple((Button(label=row.shortcut, data=f"desk:canned:{row.shortcut}"),) for row in replies[:_SHOWN])
    html = turn.text("desk.canned") + "\n" + "\n".join(lines)
    turn.reply(Outbound(html=html[:_LONGEST], buttons=buttons if conversation else ()))


def show_overview(turn: Turn, desk: Desk) -> None:
    """Show a supervisor the whole desk: who waits, who is there, which chats there are, who read what."""
    seen, now = overview(desk), desk.uow.now()
    level = "—" if seen.level is None else f"{seen.level:.0%}"
    parts = [
        turn.text(
            "desk.overview",
            waiting=len(seen.waiting),
            longest=minutes(seen.longest),
            level=level,
            taken=seen.taken,
            abandoned=seen.abandoned,
        )
    ]
    parts += ["• " + escape(unescape(operator_line(desk, seat, turn.language))) for seat in seen.seats[:_SHOWN]]
    for chat in seen.chats[:_SHOWN]:
        name = name_of(desk, chat.staff_id or 0, turn.language)
        lasted = minutes((now - chat.taken_at).total_seconds()) if chat.taken_at else "—"
        parts.append(f"#{short(chat)} · {escape(unescape(name))} · {lasted}{' 👁' if chat.watched_by else ''}")
    for at, operator_id, digits in reads(desk, _DAY):
        parts.append(f"🔓 {at:%H:%M} {escape(unescape(name_of(desk, operator_id, turn.language)))} → #{digits}")
    for piece in split_html("\n".join(parts)):
        turn.reply(Outbound(html=piece))


def manage_operators(turn: Turn, desk: Desk, words: str, revoke: Callable[[Desk, int], int]) -> None:
    """Show an administrator the operators, or revoke one; a PIN is only issued where no chat keeps it."""
    desk.require(Permission.ADMINISTER)
    act, _, whom = words.partition(" ")
    if act == "revoke" and number(whom) >= 0:
        turn.say("desk.revoked", name=str(number(whom)), given=revoke(desk, number(whom)))
        return
    buttons = []
    for row in desk.uow.operators.all():
        if row.telegram_id is not None and row.pin_hash:
            label = f"✖ {unescape(name_of(desk, row.telegram_id, turn.language))} · {row.telegram_id}"
            buttons.append((Button(label=label, data=f"operators:revoke:{row.telegram_id}"),))
    turn.say("desk.operators", buttons=tuple(buttons), number=len(buttons))


def _waiting_line(turn: Turn, each: Waiting) -> str:
    mark = "🚨 " if each.urgent else ""
    reason = turn.text(f"desk.reason.{each.reason}")
    waited = minutes(each.seconds)
    return f"{mark}#{each.short} · {waited} · {each.language} · {reason}" + (" ⬆" if each.line > 1 else "")
