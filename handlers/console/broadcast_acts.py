"""What may be done with a broadcast on its page, and what is shown of it."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from nicegui import ui

from database.models import Broadcast, BroadcastState
from handlers.console.broadcasts import do
from handlers.console.console import Visit
from handlers.console.parts import answered, button, element, text
from services.broadcast import composing, deciding, drafting, progress, trial
from services.broadcast.board import held, question_of, seen
from services.broadcast.overview import Opened
from services.broadcast.table import Tables
from services.desk.desk import Desk
from services.desk.door import Door
from services.outbound import File

_DECISIONS: Mapping[str, Callable[[Desk, UUID], Broadcast]] = {
    "send": deciding.send,
    "withdraw": deciding.withdraw,
    "pause": deciding.pause,
    "resume": deciding.resume,
    "stop": deciding.stop,
}
_ANSWERS: Mapping[str, Callable[[Desk, UUID, str], Broadcast]] = {
    "approve": deciding.approve,
    "reject": deciding.reject,
}
_SAVED_FIRST = frozenset({"save", "preview", "trial", "send"})
_COLOURS = {"approve": "primary", "send": "primary", "stop": "danger", "cancel": "danger"}


class BroadcastActs:
    """The buttons of a page; `save` keeps what its form says, `again` shows it anew."""

    def __init__(
        self,
        visit: Visit,
        door: Door,
        broadcast_id: UUID,
        save: Callable[[], Awaitable[bool]],
        again: Callable[[], Awaitable[None]],
    ) -> None:
        self._visit = visit
        self._door = door
        self._id = broadcast_id
        self._save = save
        self._again = again
        self._others = {"preview": self._preview, "trial": self._trial, "report": self._report, "cancel": self._drop}

    def build(self, opened: Opened) -> None:
        """Show the buttons for what may be done; the acts themselves ask again whether they are allowed."""
        question = question_of(opened.broadcast)
        with element("div", "buttons"):
            for act in opened.acts:
                label = self._visit.text(f"console.broadcasts.act.{act}")
                button(label, act, self._presser(act, question), _COLOURS.get(act, "quiet"))

    def _presser(self, act: str, question: str) -> Callable[[], Awaitable[None]]:
        async def pressed() -> None:
            if act in _SAVED_FIRST and not await self._save():
                return
            if act == "save":
                self._visit.tell("console.broadcasts.saved")
            if act in _DECISIONS:
                await do(self._visit, self._door, lambda desk: _DECISIONS[act](desk, self._id))
            if act in _ANSWERS:
                await do(self._visit, self._door, lambda desk: _ANSWERS[act](desk, self._id, question))
            if act not in self._others or await self._others[act]():
                await self._again()

        return pressed

    async def _preview(self) -> bool:
        if await do(self._visit, self._door, lambda desk: drafting.preview(desk, self._id)):
            self._visit.tell("console.broadcasts.previewed")
        return True

    async def _trial(self) -> bool:
        told = await do(self._visit, self._door, self._tried)
        await self._again()  # what was typed is saved, and may be for others than before
        if told:

            def build(dialog: ui.dialog) -> None:
                text(composing.visible(told), "words", "p")
                button(self._visit.text("admin.staff.close"), "close", lambda: dialog.submit(None), "quiet")

            await answered(self._visit, build, "trial-result")
        return False

    async def _report(self) -> bool:
        file = await do(self._visit, self._door, self._exported)
        content = await self._visit.do(lambda: Tables(self._door.database)(0, file.source)) if file else None
        if file and content is not None:
            self._visit.download(content, file.name)
        return False

    async def _drop(self) -> bool:
        if await do(self._visit, self._door, lambda desk: drafting.drop(desk, self._id)):
            self._visit.go("/broadcasts")
        return False

    def _tried(self, desk: Desk) -> str:
        return trial.run(desk, held(desk, self._id, BroadcastState.DRAFT))

    def _exported(self, desk: Desk) -> File:
        return progress.exported(desk, seen(desk, self._id))
