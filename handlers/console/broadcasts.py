"""The page of broadcasts: the newest of them, how far those under way are, and the way to a new one."""

import re
from collections.abc import Callable
from html import unescape
from typing import TypeVar

from nicegui import ui
from sqlalchemy.exc import SQLAlchemyError

from database.models import BroadcastState
from database.queries.tally import Tally
from handlers.console.console import Visit
from handlers.console.frame import frame
from handlers.console.parts import button, element, fill, link, moment, text
from services.access import Permission
from services.broadcast import drafting, overview, progress
from services.broadcast.overview import Line
from services.desk.desk import Desk
from services.desk.door import Door
from services.errors import DeskRefusal

_POLL_SECONDS = 2.0  # between looks while something is under way
_SELDOM_SECONDS = 15.0  # between looks otherwise
_TAG = re.compile(r"<[^>]+>")
Result = TypeVar("Result")


async def broadcasts_page(visit: Visit, door: Door) -> None:
    """Build the page."""
    with frame(visit):
        text(visit.text("console.broadcasts.title"), tag="h1")
        if not visit.may(Permission.BROADCAST):
            text(visit.text("console.nothing"), "hint", "p", "nothing")
            return
        await _BroadcastsPage(visit, door).show()


async def do(visit: Visit, door: Door, act: Callable[[Desk], Result], *, looks: bool = False) -> Result | None:
    """Let the person do something with broadcasts; what is refused is told, and gives None.

    A page that `looks` by itself keeps no session from ending, and meets SQLAlchemyError where there is no database.
    """
    by = visit.visitor.telegram_id
    return await say(visit, lambda: door.do(by, act), looks=looks)


async def say(visit: Visit, act: Callable[[], Result], *, looks: bool = False) -> Result | None:
    """Let the person do something that opens its own transactions, or none; else as above."""

    def acted() -> Result:
        try:
            return act()
        except DeskRefusal as refusal:
            raise _Told(refusal) from None

    try:
        return await (visit.looked(acted) if looks else visit.do(acted))
    except _Told as told:
        html = visit.console.words.text(visit.visitor.language, told.refusal.key, **told.refusal.params)
        visit.notify(unescape(_TAG.sub("", html)), refused=True)
    except PermissionError:
        visit.go("/sign-in")
    return None


class _Told(Exception):  # noqa: N818 - reads as what it says
    """A refusal on its way out of the thread."""

    def __init__(self, refusal: DeskRefusal) -> None:
        super().__init__(refusal.key)
        self.refusal = refusal


class _BroadcastsPage:
    def __init__(self, visit: Visit, door: Door) -> None:
        self._visit = visit
        self._door = door
        button(visit.text("console.broadcasts.new"), "new-broadcast", self._begin, "primary")
        self._body = element("div", "stack")
        self._timer = ui.timer(_SELDOM_SECONDS, lambda: self.show(looks=True), active=False)

    async def show(self, *, looks: bool = False) -> None:
        """Show the broadcasts as they are now."""
        try:
            lines = await do(self._visit, self._door, overview.recent, looks=looks)
        except SQLAlchemyError:  # the database is away; the next look may find it
            return
        if lines is None:
            self._timer.active = False
            return
        self._timer.interval = _POLL_SECONDS if any(line.tally for line in lines) else _SELDOM_SECONDS
        self._timer.active = True
        fill(self._body, lambda: self._build(lines))

    async def _begin(self) -> None:
        made = await do(self._visit, self._door, drafting.begin)
        if made is not None:
            self._visit.go(f"/broadcasts/{made.id}")

    def _build(self, lines: list[Line]) -> None:
        if not lines:
            text(self._visit.text("console.broadcasts.none"), "hint", "p", "none")
        for line in lines:
            one = line.broadcast
            with element("section", "card", "broadcast"):
                with element("div", "card-head"):
                    state(self._visit, one.state)
                    text(kind(self._visit, one.kind), "tag")
                    text(moment(one.created_at), "soft")
                link(line.words, f"/broadcasts/{one.id}", "version-link words-link")
                if line.tally:
                    bar(self._visit, line.tally)
                elif one.audience:
                    text(self._visit.plural("console.broadcasts.people", one.audience), "soft", "p")


def state(visit: Visit, value: str) -> None:
    """Show a broadcast's state."""
    text(visit.text(f"broadcast.state.{BroadcastState(value)}"), f"chip chip-broadcast-{value}", testid="state")


def kind(visit: Visit, value: str) -> str:
    """Return what a broadcast is to customers."""
    return visit.text(f"broadcast.kind.{value}")


def bar(visit: Visit, tally: Tally) -> None:
    """Show how far a broadcast is."""
    done = progress.percent(tally)
    label = visit.text("console.broadcasts.progress", percent=done, done=tally.ended, total=tally.total)
    element("progress", "progress", "progress", max="100", value=str(done), aria_label=label)
    text(label, "soft", "p", "progress-text")
