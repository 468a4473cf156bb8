"""The supervisor's page: the desk as a whole, and what may be done about it."""

from collections.abc import Mapping
from html import unescape
from typing import Any, ClassVar

from handlers.console import desk_context, floor_parts
from handlers.console.console import PATH, Visit
from handlers.console.desk_asides import Detail, chat_of
from handlers.console.desk_words import Wording
from handlers.console.followers import Followers
from handlers.console.frame import frame
from handlers.console.live import Live
from services.desk import ending, passing, reading
from services.desk.desk import Desk
from services.desk.overseeing import Seen, oversee
from services.desk.people import name_of
from services.desk.pulse import Beat
from services.desk.seats import Seat


async def floor_page(visit: Visit, followers: Followers) -> None:
    """Build the page."""
    with frame(visit, live=True):
        FloorPage(visit, followers).refresh()


async def _watch(page: "FloorPage", detail: Detail) -> None:
    chat = chat_of(detail)

    def act(desk: Desk) -> bool:
        conversation = desk.locked(chat)
        if conversation.watched_by != desk.me:
            reading.watch(desk, conversation)
        return True

    if await page.do(act):
        page.call("go", f"{PATH}/desk?chat={chat}")


async def _close(page: "FloorPage", detail: Detail) -> None:
    chat = chat_of(detail)
    await page.do(lambda desk: ending.done(desk, desk.locked(chat)))
    page.call("dialog", "")


async def _ask_close(page: "FloorPage", detail: Detail) -> None:
    page.call("dialog", floor_parts.closing(page.words, str(chat_of(detail))))


async def _colleagues(page: "FloorPage", detail: Detail) -> None:
    chat = chat_of(detail)

    def look(desk: Desk) -> list[tuple[Seat, str]]:
        language = desk.language_of(desk.me)
        seats = passing.colleagues(desk, floor_parts.found(desk, chat))
        return [(seat, unescape(name_of(desk, seat.telegram_id, language))) for seat in seats]

    if (seats := await page.see(look)) is not None:
        page.call("dialog", desk_context.colleagues(page.words, seats, str(chat)))


async def _transfer(page: "FloorPage", detail: Detail) -> None:
    chat, to = chat_of(detail), int(detail["to"])

    def act(desk: Desk) -> bool:
        passing.transfer(desk, floor_parts.found(desk, chat), to)
        return True

    if await page.do(act):
        page.call("dialog", "")


class FloorPage(Live):
    """One supervisor's page."""

    acts: ClassVar[Mapping[str, Any]] = {
        "watch": _watch,
        "close": _close,
        "ask-close": _ask_close,
        "colleagues": _colleagues,
        "transfer": _transfer,
    }

    def __init__(self, visit: Visit, followers: Followers) -> None:
        self.words = Wording(visit)
        super().__init__(visit, followers, floor_parts.shape(self.words))

    def concerns(self, beat: Beat) -> bool:
        """Return whether anything happened on the floor."""
        return beat.floor is not None

    def look(self, desk: Desk) -> Seen:
        """Return the whole desk."""
        return oversee(desk)

    def draw(self, seen: Seen) -> None:
        """Show it."""
        self.show(
            tiles=floor_parts.tiles(self.words, seen),
            waiting=floor_parts.waiting(self.words, seen),
            seats=floor_parts.seats(self.words, seen),
            chats=floor_parts.chats(self.words, seen),
            reads=floor_parts.reads(self.words, seen),
        )
