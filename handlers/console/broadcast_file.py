"""The card of a draft's file: one photo, video or document that is given here, and what becomes of it."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from nicegui import events

from handlers.console.broadcasts import do, say
from handlers.console.console import Visit
from handlers.console.parts import button, card, element, fill, picker, text
from services.broadcast import enclosing
from services.broadcast.board import own_draft
from services.broadcast.overview import Opened
from services.desk.door import Door
from services.uploads import PHOTO_BYTES, Uploads

_MB = 2**20


class FileCard:
    """Stays while its draft's page is open; `again` shows the page anew."""

    def __init__(
        self, visit: Visit, door: Door, uploads: Uploads, broadcast_id: UUID, again: Callable[[], Awaitable[None]]
    ) -> None:
        self._visit = visit
        self._door = door
        self._uploads = uploads
        self._id = broadcast_id
        self._again = again
        policy = door.tools.policy
        limits = {"picture": min(policy.max_image, PHOTO_BYTES) // _MB, "limit": policy.max_file // _MB}
        with card(visit.text("console.broadcasts.file"), "file"):
            text(visit.text("console.broadcasts.file_hint", **limits), "hint", "p")
            self._now, self._waits = element("div", "stack"), element("div", "stack")
            self._shown: list[str] = []
            picker(visit, policy.max_file, self._arrived)

    def show(self, opened: Opened) -> None:
        """Show the file that the draft has now; its button stays with it, not to go away under somebody's finger."""
        names = [file.name or file.kind for file in opened.message.files]
        if names != self._shown:
            self._shown = names
            fill(self._now, self._build)
        fill(self._waits, lambda: self._build_waits(waits=opened.broadcast.file_waits))

    def _build(self) -> None:
        for name in self._shown:
            with element("div", "buttons"):
                text(f"📎 {name}", "strong", testid="file-now")
                button(self._visit.text("console.broadcasts.file_remove"), "file-remove", self._remove, "quiet small")

    def _build_waits(self, *, waits: bool) -> None:
        if waits:
            text(self._visit.text("console.broadcasts.file_waits"), "hint", "p", "file-waits")

    async def _arrived(self, event: events.UploadEventArguments) -> None:
        name, content = event.file.name, await event.file.read()
        if await do(self._visit, self._door, lambda desk: own_draft(desk, self._id)) is None:
            return
        upload = await say(self._visit, lambda: enclosing.taken_in(self._uploads, name, content))
        if upload is not None:
            taken = await do(self._visit, self._door, lambda desk: enclosing.enclose(desk, self._id, upload))
            if taken is not None:
                self._visit.tell("console.broadcasts.file_taken")
        await self._again()

    async def _remove(self) -> None:
        await do(self._visit, self._door, lambda desk: enclosing.take_out(desk, self._id))
        await self._again()
