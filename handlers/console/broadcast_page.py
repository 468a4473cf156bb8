"""The page of one broadcast: the form of a draft, the decisions, how far it is, the report and its file."""

from uuid import UUID

from nicegui import events, ui
from sqlalchemy.exc import SQLAlchemyError

from database.models import BroadcastState
from database.queries.tally import Tally
from handlers.console.broadcast_acts import BroadcastActs
from handlers.console.broadcast_file import FileCard
from handlers.console.broadcast_form import DraftForm
from handlers.console.broadcasts import bar, do, kind, state
from handlers.console.console import Visit
from handlers.console.frame import frame
from handlers.console.parts import card, element, fill, nothing_here, picker, text
from services.access import Permission
from services.broadcast import composing, overview
from services.broadcast.board import question_of
from services.broadcast.drafting import LIST_BYTES
from services.broadcast.overview import Opened
from services.desk.desk import Desk
from services.desk.door import Door
from services.uploads import Uploads

_POLL_SECONDS = 2.0
_LIVE = (BroadcastState.RUNNING, BroadcastState.PAUSED, BroadcastState.SUBMITTED, BroadcastState.SCHEDULED)


async def broadcast_page(visit: Visit, door: Door, uploads: Uploads, broadcast_id: UUID) -> None:
    """Build the page."""
    with frame(visit):
        if not visit.may(Permission.BROADCAST):
            text(visit.text("console.nothing"), "hint", "p", "nothing")
            return
        await _BroadcastPage(visit, door, uploads, broadcast_id).show()


class _BroadcastPage:
    """What a draft's author types and gives is built once, and buttons stay as long as they are the same ones.

    They outlive what is drawn anew around them: nothing goes away under somebody's hands.
    """

    def __init__(self, visit: Visit, door: Door, uploads: Uploads, broadcast_id: UUID) -> None:
        self._visit = visit
        self._door = door
        self._uploads = uploads
        self._file: FileCard | None = None
        self._id = broadcast_id
        self._form: DraftForm | None = None
        self._shown: tuple[object, ...] = ()
        self._head = element("div", "card-head")
        self._draft = element("div", "stack")
        self._body = element("div", "stack")
        self._acts = element("div", "stack")
        self._offered: object = None
        self._timer = ui.timer(_POLL_SECONDS, self._poll, active=False)

    async def show(self) -> None:
        """Show the broadcast as it is now."""
        opened = await do(self._visit, self._door, self._look)
        if opened is not None:
            self._draw(opened)
        elif not self._shown:
            fill(self._body, lambda: nothing_here(self._visit, "/broadcasts", "console.broadcasts.title"))

    async def _poll(self) -> None:
        try:
            opened = await do(self._visit, self._door, self._look, looks=True)
        except SQLAlchemyError:  # the database is away; the next look may find it
            return
        if opened is None:
            self._timer.active = False
        elif _of_now(opened) != self._shown:
            self._draw(opened)

    def _look(self, desk: Desk) -> Opened:
        return overview.opened(desk, self._id)

    def _draw(self, opened: Opened) -> None:
        self._shown = _of_now(opened)
        ending = opened.broadcast.started_at is not None and opened.broadcast.finished_at is None
        self._timer.active = ending or opened.broadcast.state in _LIVE or opened.broadcast.file_waits
        fill(self._head, lambda: self._title(opened))
        if "save" not in opened.acts:
            self._form = self._file = None
            fill(self._draft, lambda: None)
        elif self._form is None:
            fill(self._draft, lambda: self._begin(opened))
        if self._file is not None:
            self._file.show(opened)
        fill(self._body, lambda: self._build(opened))
        offered = opened.acts, question_of(opened.broadcast)
        if offered != self._offered:
            self._offered = offered
            fill(self._acts, lambda: self._offer(opened))

    def _offer(self, opened: Opened) -> None:
        if opened.acts:
            BroadcastActs(self._visit, self._door, self._id, self._saved, self.show).build(opened)

    def _title(self, opened: Opened) -> None:
        text(self._visit.text("console.broadcasts.one"), tag="h1")
        state(self._visit, opened.broadcast.state)

    def _begin(self, opened: Opened) -> None:
        self._form = DraftForm(self._visit, opened)
        self._file = FileCard(self._visit, self._door, self._uploads, self._id, self.show)
        self._listing()

    def _build(self, opened: Opened) -> None:
        if self._form is None:
            self._facts(opened)
        if opened.audience:
            self._reach(opened)
        if opened.tally:
            self._report(opened.tally)

    def _facts(self, opened: Opened) -> None:
        visit = self._visit
        with card(visit.text("console.broadcasts.message"), "message"):
            for file in opened.message.files:
                text(f"📎 {file.name or file.kind}", "soft", "p")
            text(composing.visible(opened.message.html), "words", "p", "words")
            if opened.links:
                text(opened.links, "soft words", "p")
        with element("dl", "facts"):
            for key, value in (
                ("console.broadcasts.kind", kind(visit, opened.broadcast.kind)),
                ("console.broadcasts.whom", opened.whom),
                ("console.broadcasts.when", opened.when),
                ("console.broadcasts.author", str(opened.broadcast.author_id)),
            ):
                text(visit.text(key), tag="dt")
                text(value, tag="dd")

    def _reach(self, opened: Opened) -> None:
        found = opened.audience
        if found is not None:
            text(self._visit.plural("broadcast.reach", found.reached), "strong", "p", "reach")
            if found.opted_out:
                text(self._visit.plural("broadcast.without", found.opted_out), "soft", "p")

    def _report(self, tally: Tally) -> None:
        visit = self._visit
        bar(visit, tally)
        with card(visit.text("console.broadcasts.report"), "report"), element("div", "scores"):
            for name, number in (
                ("total", tally.total),
                ("sent", tally.sent),
                ("blocked", tally.blocked),
                ("failed", tally.failures),
                ("unknown", tally.unknown),
                ("opted_out", tally.opted_out),
                ("left", tally.left),
            ):
                with element("div", "score", f"figure-{name}"):
                    text(str(number), "figure")
                    text(visit.text(f"console.broadcasts.figure.{name}"), "soft")
        for reason, number in sorted(tally.failed.items()):
            text(f"{reason}: {number}", "soft", "p", "reason")

    def _listing(self) -> None:
        visit = self._visit
        with card(visit.text("console.broadcasts.list"), "list"):
            text(visit.text("broadcast.give.list"), "hint", "p")
            picker(visit, LIST_BYTES, self._listed)

    async def _listed(self, event: events.UploadEventArguments) -> None:
        content = await event.file.read()
        taken = await do(self._visit, self._door, lambda desk: overview.take_list(desk, self._id, content))
        if taken is not None:
            listed, known = taken
            self._visit.notify(self._visit.text("console.broadcasts.listed", read=listed.read, known=known))
            if self._form is not None:
                self._form.take_list()
        await self.show()

    async def _saved(self) -> bool:
        if self._form is None:
            return True
        form = self._form.read()
        return await do(self._visit, self._door, lambda desk: overview.change(desk, self._id, form)) is not None


def _of_now(opened: Opened) -> tuple[object, ...]:
    """Return what of a broadcast changes while somebody looks; submitted anew, it may say something else."""
    return opened.broadcast.state, opened.broadcast.submitted_at, opened.broadcast.file_waits, opened.tally
