"""The lists beside the chat: whether the operator is there, their chats, who waits."""

import time
from collections.abc import Sequence
from html import escape

from database.models import Availability
from handlers.console.desk_words import PRESENT, Wording, avatar, button, timer
from services.desk.glance import Glance
from services.desk.supervising import Waiting
from services.desk.viewing import Card

Item = tuple[str, str]


def presence(words: Wording, seen: Glance, breaks: Sequence[str]) -> str:
    """Return the switch of presence."""
    now = seen.operator.availability if seen.operator else None
    reason = seen.operator.away_reason if seen.operator else None
    state = words.state(now) + (f" · {words.break_(reason)}" if reason and now == Availability.AWAY else "")
    away = "".join(button(words.break_(name), "away", "", reason=name) for name in breaks)
    dot = f'<span class="dot {PRESENT.get(Availability(now), "") if now else ""}"></span>'
    menu = f'<div class="menu">{away}</div>'
    pause = (
        f'<details class="drop"><summary class="quiet" data-testid="break">{words.text("desk.button.away")}</summary>'
    )
    buttons = [
        button(words.text("console.desk.go_online"), "online", "primary") if now != Availability.ONLINE else "",
        f"{pause}{menu}</details>" if now != Availability.AWAY else "",
        button(words.text("console.desk.go_offline"), "offline", "quiet") if now not in {None, "offline"} else "",
    ]
    load = f'<span class="soft">{len(seen.cards)}/{seen.limit}</span>'
    return (
        f'<p class="now" data-testid="presence">{dot}<b>{state}</b>{load}</p><div class="row">{"".join(buttons)}</div>'
    )


def chats(words: Wording, seen: Glance) -> list[Item]:
    """Return the operator's chats, keyed."""
    opened = seen.opened.card.id if seen.opened else None
    return [(card.short, _card(words, card, chosen=card.id == opened)) for card in seen.cards]


def _card(words: Wording, card: Card, *, chosen: bool) -> str:
    name = escape(card.name or words.text("handover.customer"))
    current = words.text("console.desk.current")
    marks = [f'<span class="tag" title="{current}" data-testid="current">▶</span>' if card.current else ""]
    if card.waits:
        unread = words.text("console.desk.unread")
        marks.append(f'<span class="unread" data-testid="unread" title="{unread}" aria-label="{unread}"></span>')
    first = f'<span class="first"><b class="name">{name}</b>{"".join(marks)}</span>'
    second = f'<span class="second"><span>{words.reason(card.reason)}</span>{timer(card.since)}</span>'
    state = ' aria-current="true"' if chosen else ""
    return (
        f'<button type="button" class="chat" data-testid="chat" data-act="open" data-chat="{card.id}"{state}>'
        f'{avatar(card.name or name, card.short)}<span class="lines">{first}{second}</span></button>'
    )


def queue(words: Wording, waiting: Sequence[Waiting], me: int) -> list[Item]:
    """Return who waits, what is offered to the operator first, keyed."""
    now = time.time()
    ordered = sorted(waiting, key=lambda each: each.offered_to != me)
    return [(each.short, _waiting(words, each, now, me)) for each in ordered]


def _waiting(words: Wording, each: Waiting, now: float, me: int) -> str:
    tags = [
        f'<span class="tag urgent" data-testid="urgent">🚨 {words.text("console.desk.urgent")}</span>'
    ] * each.urgent
    if each.offered_to == me:
        tags.append(f'<span class="tag mine" data-testid="offered">{words.text("console.desk.offered_to_me")}</span>')
    elif each.offered_to is not None:
        tags.append(f'<span class="tag">{words.text("console.desk.offered")}</span>')
    if each.line > 1:
        tags.append(f'<span class="tag">{words.text("console.desk.second_line")}</span>')
    tags.append(f'<span class="soft">{words.language(each.language)} · #{each.short}</span>')
    first = f'<span class="first"><b>{words.reason(each.reason)}</b>{timer(round(now - each.seconds))}</span>'
    take = button(words.text("console.desk.take"), "take", "quiet", chat=str(each.id))
    state = "waiting urgent" if each.urgent else "waiting"
    return (
        f'<div class="{state}" data-testid="waiting"><span class="lines">{first}'
        f'<span class="second wrap">{"".join(tags)}</span></span>{take}</div>'
    )
