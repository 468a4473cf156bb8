"""The section of the bot: what it is called, what runs for it, and the AI's kill switch."""

from collections.abc import Sequence

from services.access import Permission
from services.administration import home
from services.administration.screen import Screen, Section, data
from services.errors import OfficeRefusal
from services.presence import ALIVE
from services.turn import Turn

_KEY = "bots"
_SWITCH = {"on": True, "off": False}


def open_bots(turn: Turn, _page: int, _argument: str) -> Screen:
    """Show the bot; others that share the database have administrators of their own."""
    bot, enabled = turn.uow.roles.bot(), turn.uow.roles.ai_enabled()
    running = {part.part: part.number for part in turn.uow.presences.running(ALIVE)}
    html = turn.text(
        "admin.bots.card",
        name=f"@{bot.username}" if bot.username else "—",
        id=bot.id,
        since=f"{bot.created_at:%Y-%m-%d}",
        ai=turn.text("admin.ai_on" if enabled else "admin.ai_off"),
        front=running.get("front", 0),
        worker=running.get("worker", 0),
    )
    key, state = ("admin.ai_stop", "off") if enabled else ("admin.ai_start", "on")
    return Screen(html, ((turn.button(key, data(_KEY, "ai", "", state)),),))


def _switch(turn: Turn, arguments: Sequence[str]) -> Screen:
    """Turn the AI on or off, if it is not so already."""
    wanted = _SWITCH.get("".join(arguments[1:2]))
    if wanted is None or wanted == turn.uow.roles.ai_enabled():
        raise OfficeRefusal("admin.changed")
    home.switch_ai(turn, on=wanted)
    return open_bots(turn, 0, "")


SECTION = Section(_KEY, "admin.bots", Permission.ADMINISTER, open_bots, {"ai": _switch})
