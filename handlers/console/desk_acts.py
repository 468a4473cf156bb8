"""What may be done on the desk's page: each act is a use case of the desk, and what comes of it is shown."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from database.models import Conversation, ConversationState
from handlers.console.desk_asides import ASIDES, Detail, chat_of, seen, words_of
from services.desk import ending, noting, taking, typing
from services.desk.desk import Desk
from services.desk.glance import holder
from services.desk.keys import short
from services.desk.relaying import send_text
from services.errors import DeskRefusal

if TYPE_CHECKING:
    from handlers.console.desk_page import DeskPage


def _mine(desk: Desk, chat: UUID) -> Conversation:
    """Return a chat that one serves, locked; raises DeskRefusal, with the name of who has it if somebody else does."""
    conversation = desk.locked(chat)
    if conversation.staff_id == desk.me and conversation.state == ConversationState.WITH_OPERATOR:
        return conversation
    if conversation.staff_id != desk.me and (name := holder(desk, conversation)):
        raise DeskRefusal("console.desk.held_by", name=name)
    raise DeskRefusal("handover.gone" if conversation.staff_id == desk.me else "desk.not_yours")


async def _open(page: "DeskPage", detail: Detail) -> None:
    page.chosen = chat_of(detail)


async def _take(page: "DeskPage", detail: Detail) -> None:
    chat = chat_of(detail)

    def act(desk: Desk) -> UUID:
        try:
            return taking.take(desk, chat).id
        except DeskRefusal as refusal:
            if refusal.key == "handover.taken" and (name := holder(desk, desk.locked(chat))):
                raise DeskRefusal("console.desk.held_by", name=name) from None
            raise

    await page.open(await page.do(act))


async def _next(page: "DeskPage", _detail: Detail) -> None:
    await page.open(await page.do(lambda desk: taking.take_next(desk).id))


async def _send(page: "DeskPage", detail: Detail) -> None:
    chat, text = chat_of(detail), words_of(detail, "text")

    def act(desk: Desk) -> bool:
        conversation = _mine(desk, chat)
        send_text(desk, conversation, text)
        noting.show_said(desk, conversation, text)
        return True

    if await page.do(act) is None:
        page.call("insert", str(chat), text)


async def _suggest(page: "DeskPage", detail: Detail) -> None:
    chat, note = chat_of(detail), int(detail["note"])

    def act(desk: Desk) -> None:
        conversation = _mine(desk, chat)
        noting.show_said(desk, conversation, noting.send_suggestion(desk, conversation, note))

    await page.do(act)


async def _canned(page: "DeskPage", detail: Detail) -> None:
    chat, shortcut = chat_of(detail), words_of(detail, "shortcut")
    text = await page.see(lambda desk: noting.rendered(desk, seen(desk, chat), shortcut))
    if text is not None:
        page.call("insert", str(chat), text)


async def _note(page: "DeskPage", detail: Detail) -> None:
    chat, text = chat_of(detail), words_of(detail, "text")
    await page.do(lambda desk: noting.note(desk, desk.locked(chat), text))


async def _typing(page: "DeskPage", detail: Detail) -> None:
    chat = chat_of(detail)
    await page.see(lambda desk: typing.typing(desk, chat))


async def _use(page: "DeskPage", detail: Detail) -> None:
    chat = chat_of(detail)

    def act(desk: Desk) -> None:
        conversation = _mine(desk, chat)
        taking.use(desk, conversation)
        name = desk.uow.users.profile(desk.customer(conversation)) or desk.text(desk.me, "handover.customer")
        desk.tell(desk.me, "desk.current", conversation=conversation, id=short(conversation), name=name)

    await page.do(act)


async def _done(page: "DeskPage", detail: Detail) -> None:
    chat = chat_of(detail)
    page.chosen = chat
    await page.do(lambda desk: ending.done(desk, _mine(desk, chat)))


async def _code(page: "DeskPage", detail: Detail) -> None:
    chat, name = chat_of(detail), words_of(detail, "code")

    def act(desk: Desk) -> bool:
        ending.code(desk, desk.locked(chat), name)
        return True

    if await page.do(act):
        page.say("console.done")
        page.chosen = None


ACTS: Mapping[str, Callable[["DeskPage", Detail], Awaitable[None]]] = {
    "open": _open,
    "take": _take,
    "next": _next,
    "send": _send,
    "suggest": _suggest,
    "canned": _canned,
    "note": _note,
    "typing": _typing,
    "use": _use,
    "done": _done,
    "code": _code,
    **ASIDES,
}
