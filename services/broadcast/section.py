"""The section of broadcasts in the administrators' panel: the newest of them, and the way to each one's card."""

from html import escape
from textwrap import shorten

from services.access import Permission
from services.administration.screen import Screen, Section, pager
from services.broadcast import overview
from services.desk.desk import Desk
from services.outbound import Button
from services.turn import Turn

_KEY = "broadcasts"
_SIZE = 6  # on a page
_LABEL = 32  # characters of a button


def open_broadcasts(turn: Turn, page: int, argument: str) -> Screen:
    """Show a page of broadcasts; the cards behind the buttons are the dialogue's own."""
    del argument
    lines = overview.recent(Desk.of(turn))
    shown = lines[page * _SIZE : (page + 1) * _SIZE]
    told, buttons = [turn.text("broadcast.section")], []
    for line in shown:
        one, words = line.broadcast, shorten(line.words, _LABEL, placeholder="…")
        state = turn.text(f"broadcast.state.{one.state}")
        done = f" · {line.tally.ended}/{line.tally.total}" if line.tally else ""
        told.append(f"• {one.created_at:%Y-%m-%d} · {state}{done} · {escape(words)}")
        buttons.append((Button(label=words or "📣", data=f"broadcast:show:{one.id.hex}"),))
    pages = pager(turn, _KEY, (page, ""), more=len(lines) > (page + 1) * _SIZE)
    return Screen("\n".join(told), (*buttons, *pages), page)


SECTION = Section(_KEY, "broadcast.menu", Permission.BROADCAST, open_broadcasts)
