"""What is done beside the chats on the desk's page: presence, passing on, looking things up."""

from collections.abc import Awaitable, Callable, Mapping
from html import unescape
from typing import TYPE_CHECKING, Any
from uuid import UUID

from database.models import Conversation
from handlers.console import desk_context
from services.desk import passing, presence, reading
from services.desk.desk import Desk
from services.desk.keys import short
from services.desk.people import name_of
from services.desk.seats import Seat
from services.errors import DeskRefusal

if TYPE_CHECKING:
    from handlers.console.desk_page import DeskPage

Detail = Mapping[str, Any]
_LONGEST = 8_000  # characters that a field of the page may send


def chat_of(detail: Detail) -> UUID:
    """Return which chat an act is about; raises KeyError, ValueError."""
    return UUID(str(detail["chat"]))


def words_of(detail: Detail, name: str) -> str:
    """Return what was typed into a field."""
    return str(detail.get(name) or "")[:_LONGEST]


def seen(desk: Desk, chat: UUID) -> Conversation:
    """Return a customer of one's own, to be looked at; raises DeskRefusal."""
    conversation = desk.uow.floor.seen(chat)
    if conversation is None:
        raise DeskRefusal("desk.unknown")
    if not reading.own(desk, conversation):
        raise DeskRefusal("desk.not_yours")
    return conversation


async def _colleagues(page: "DeskPage", detail: Detail) -> None:
    chat = chat_of(detail)

    def look(desk: Desk) -> list[tuple[Seat, str]]:
        language = desk.language_of(desk.me)
        seats = passing.colleagues(desk, seen(desk, chat))
        return [(seat, unescape(name_of(desk, seat.telegram_id, language))) for seat in seats]

    if (seats := await page.see(look)) is not None:
        page.call("dialog", desk_context.colleagues(page.words, seats, str(chat)))


async def _transfer(page: "DeskPage", detail: Detail) -> None:
    chat, to = chat_of(detail), int(detail["to"])

    def act(desk: Desk) -> bool:
        passing.transfer(desk, seen(desk, chat), to)
        return True

    if await page.do(act):
        page.call("dialog", "")
        page.chosen = None


async def _ask_escalate(page: "DeskPage", detail: Detail) -> None:
    page.call("dialog", desk_context.escalation(page.words, str(chat_of(detail))))


async def _escalate(page: "DeskPage", detail: Detail) -> None:
    chat, note = chat_of(detail), words_of(detail, "note")

    def act(desk: Desk) -> bool:
        passing.escalate(desk, desk.own(chat.hex), note)
        return True

    if await page.do(act):
        page.call("dialog", "")
        page.chosen = None


async def _online(page: "DeskPage", _detail: Detail) -> None:
    await page.do(presence.go_online)


async def _away(page: "DeskPage", detail: Detail) -> None:
    reason = words_of(detail, "reason")
    await page.do(lambda desk: presence.go_away(desk, reason))


async def _offline(page: "DeskPage", _detail: Detail) -> None:
    await page.do(presence.go_offline)


async def _search(page: "DeskPage", detail: Detail) -> None:
    chat, wanted = chat_of(detail), words_of(detail, "text").strip()
    if not wanted:
        page.show(found="")
        return
    lines = await page.see(lambda desk: reading.history(desk, seen(desk, chat), reading.MOST))
    if lines is not None:
        page.show(found=desk_context.found(page.words, lines, wanted))


async def _history(page: "DeskPage", detail: Detail) -> None:
    """Read another's customer, which takes a reason and is recorded."""
    words, reason = words_of(detail, "id"), words_of(detail, "reason")

    def act(desk: Desk) -> tuple[list[reading.Line], str]:
        conversation = desk.named(words)
        return reading.history(desk, conversation, reading.MOST, reason), short(conversation)

    if (read := await page.do(act)) is not None:
        page.call("dialog", desk_context.history(page.words, *read))


async def _unwatch(page: "DeskPage", detail: Detail) -> None:
    chat = chat_of(detail)

    def act(desk: Desk) -> None:
        conversation = desk.locked(chat)
        if conversation.watched_by == desk.me:
            reading.watch(desk, conversation)

    page.chosen = None
    await page.do(act)


ASIDES: Mapping[str, Callable[["DeskPage", Detail], Awaitable[None]]] = {
    "colleagues": _colleagues,
    "transfer": _transfer,
    "ask-escalate": _ask_escalate,
    "escalate": _escalate,
    "online": _online,
    "away": _away,
    "offline": _offline,
    "search": _search,
    "history": _history,
    "unwatch": _unwatch,
}
