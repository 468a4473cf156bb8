"""The pieces of the supervisor's page."""

import time
from html import escape
from uuid import UUID

from database.models import Availability, Conversation
from database.queries.floor import SHORT
from handlers.console.desk_words import PRESENT, Wording, avatar, button, clock, timer
from services.desk.desk import Desk
from services.desk.overseeing import Seen
from services.errors import DeskRefusal

Item = tuple[str, str]
_LATE = 0.8  # share of the promised wait from which a wait is shown as one in danger


def found(desk: Desk, chat: UUID) -> Conversation:
    """Return a conversation, to be looked at; raises DeskRefusal."""
    conversation = desk.uow.floor.seen(chat)
    if conversation is None:
        raise DeskRefusal("desk.unknown")
    return conversation


def shape(words: Wording) -> str:
    """Return the page's skeleton."""
    title = words.text("console.desk.floor")

    def part(name: str, heading: str, empty: str) -> str:
        return (
            f'<section class="card part"><h2>{heading}</h2><div class="items" data-list="{name}" data-testid="{name}">'
            f'</div><p class="hint none">{empty}</p></section>'
        )

    nobody, nothing = words.text("console.desk.nobody_waits"), words.text("console.desk.no_served")
    return (
        f'<div class="floor" data-live="floor" data-title="{title}"><h1>{title}</h1>'
        f'<p class="problem shut" data-region="shut" data-testid="shut" role="alert"></p>'
        f'<div class="tiles" data-region="tiles" data-testid="tiles"></div><div class="columns">'
        f"{part('waiting', words.text('console.desk.queue'), nobody)}"
        f"{part('seats', words.text('console.desk.operators'), words.text('console.desk.no_operators'))}"
        f"{part('chats', words.text('console.desk.served'), nothing)}"
        f"{part('reads', words.text('console.desk.reads'), words.text('console.desk.no_reads'))}"
        '</div><dialog class="card dialog" data-dialog data-testid="dialog"></dialog></div>'
    )


def tiles(words: Wording, seen: Seen) -> str:
    """Return the figures that matter most."""
    desk, level = seen.desk, seen.desk.level
    longest = timer(round(time.time() - desk.longest)) if desk.waiting else "—"
    late = ' data-late="true"' if desk.longest >= _LATE * seen.promised else ""
    figures = [
        ("waiting", words.text("console.desk.waiting"), str(len(desk.waiting)), ""),
        ("longest", words.text("console.desk.longest"), longest, late),
        ("level", words.text("console.desk.level"), "—" if level is None else f"{level:.0%}", ""),
        ("taken", words.text("console.desk.taken_today"), str(desk.taken), ""),
        ("abandoned", words.text("console.desk.abandoned"), str(desk.abandoned), ""),
    ]
    return "".join(
        f'<div class="score tile"{state}><span class="soft">{label}</span>'
        f'<span class="figure" data-testid="{name}">{value}</span></div>'
        for name, label, value, state in figures
    )


def waiting(words: Wording, seen: Seen) -> list[Item]:
    """Return who waits, keyed."""
    now, items = time.time(), []
    for each in seen.desk.waiting:
        offered = words.text("console.desk.offered_to", name=seen.staff.get(each.offered_to or 0, ""))
        tags = f'<span class="tag urgent">🚨 {words.text("console.desk.urgent")}</span>' if each.urgent else ""
        tags += f'<span class="tag">{offered}</span>' if each.offered_to else ""
        tags += f'<span class="soft">{words.language(each.language)} · #{each.short}</span>'
        first = f'<span class="first"><b>{words.reason(each.reason)}</b>{timer(round(now - each.seconds))}</span>'
        acts = _acts(words, str(each.id))
        body = f'<span class="lines">{first}<span class="second wrap">{tags}</span></span>{acts}'
        items.append((each.short, f'<div class="waiting" data-testid="waiting-row">{body}</div>'))
    return items


def seats(words: Wording, seen: Seen) -> list[Item]:
    """Return the operators and their load, keyed."""
    items = []
    for seat in sorted(seen.desk.seats, key=lambda seat: (seat.availability != Availability.ONLINE, seat.telegram_id)):
        name, now = escape(seen.staff[seat.telegram_id]), seat.availability
        reason = seat.operator.away_reason if seat.operator and now == Availability.AWAY else None
        state = words.state(now) + (f" · {words.break_(reason)}" if reason else "")
        dot = f'<span class="dot {PRESENT.get(Availability(now), "") if now else ""}"></span>'
        full = round(100 * min(1.0, seat.load / seat.limit)) if seat.limit else 0
        meter = f'<span class="meter" aria-hidden="true"><span style="width: {full}%"></span></span>'
        lines = f'<span class="first"><b>{name}</b><span data-testid="load">{seat.load}/{seat.limit}</span></span>'
        lines += f'<span class="second"><span>{dot} {state}</span>{meter}</span>'
        row = f'{avatar(seen.staff[seat.telegram_id], str(seat.telegram_id))}<span class="lines">{lines}</span>'
        items.append((str(seat.telegram_id), f'<div class="waiting" data-testid="seat">{row}</div>'))
    return items


def chats(words: Wording, seen: Seen) -> list[Item]:
    """Return who serves whom, keyed."""
    items = []
    for chat in seen.desk.chats:
        short, name = chat.id.hex[:SHORT], escape(seen.customers[chat.id.hex] or words.text("handover.customer"))
        staff = escape(seen.staff.get(chat.staff_id or 0, ""))
        watch = button(words.text("console.desk.watch"), "watch", "quiet", chat=str(chat.id))
        first = f'<span class="first"><b>{name}</b>{timer(chat.taken_at)}</span>'
        second = f'<span class="second wrap"><span>{staff}</span><span class="soft">#{short}</span></span>'
        row = f'<span class="lines">{first}{second}</span><span class="row">{watch}{_acts(words, str(chat.id))}</span>'
        items.append((short, f'<div class="waiting" data-testid="served">{row}</div>'))
    return items


def reads(words: Wording, seen: Seen) -> list[Item]:
    """Return who read whose customer for a reason in the last day, keyed."""
    items = []
    for at, who, short in seen.reads:
        row = f'<span class="lines"><span class="first"><b>🔓 {escape(seen.staff.get(who, ""))}</b>{clock(at)}</span>'
        row += f'<span class="second">{words.text("console.desk.read_chat", id=short)}</span></span>'
        items.append((f"{at.timestamp()}-{who}", f'<div class="waiting" data-testid="read-row">{row}</div>'))
    return items


def closing(words: Wording, chat: str) -> str:
    """Return the question whether a chat is to be closed, as a dialog's content."""
    no = f'<button type="button" class="quiet" data-local="close">{words.text("console.no")}</button>'
    yes = button(words.text("console.desk.close_chat"), "close", "danger", chat=chat)
    return f'<h2>{words.text("console.desk.close_sure")}</h2><div class="row">{yes}{no}</div>'


def _acts(words: Wording, chat: str) -> str:
    assign = button(words.text("console.desk.assign"), "colleagues", "quiet", chat=chat)
    return assign + button(words.text("console.desk.close_chat"), "ask-close", "quiet", chat=chat)
