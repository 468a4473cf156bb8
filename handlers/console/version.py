"""The page of one version: what it changes, what the golden questions say, and what may be done with it."""

from uuid import UUID

from nicegui import ui
from nicegui.element import Element
from nicegui.events import ValueChangeEventArguments

from database.models import CheckState, VersionState
from handlers.console.acts import Acts
from handlers.console.console import Visit
from handlers.console.entries import differences, entries
from handlers.console.frame import frame
from handlers.console.parts import card, chip, dates_of, element, fill, nothing_here, people_of, state_of, text, warn
from handlers.console.scores import lost, scores
from services.knowledge.editing import Opened
from services.knowledge.remarks import remark_of

_POLL_SECONDS = 1.0  # between looks at a draft: its check may be made, or somebody decide about it
_OPEN = (CheckState.WAITING, CheckState.RUNNING)


async def version_page(visit: Visit, version_id: UUID) -> None:
    """Build the page."""
    with frame(visit) as content:
        pass
    await _VersionPage(visit, version_id, content).show()


class _VersionPage:
    def __init__(self, visit: Visit, version_id: UUID, content: Element) -> None:
        self._visit = visit
        self._version_id = version_id
        self._content = content
        self._known: tuple[CheckState | None, str] | None = None
        self._against: UUID | None = None  # another version than the one in force
        self._acts: Acts | None = None
        with content:
            self._head = element("div", "stack")
            self._decide = element("div", "stack")
            self._body = element("div", "stack")
            self._timer = ui.timer(_POLL_SECONDS, self._poll, active=False)

    async def show(self) -> None:
        """Show the version as it is now."""
        opened = await self._visit.do(lambda: self._opened(self._against))
        if opened is None:
            if self._known is None:
                fill(self._body, lambda: nothing_here(self._visit, "/", "console.knowledge"))
            return
        self._known = (opened.check, opened.version.state)
        self._timer.active = opened.check in _OPEN or opened.version.state == VersionState.DRAFT
        fill(self._head, lambda: self._title(opened))
        if self._acts is None or not self._acts.renew(opened):
            self._acts = Acts(self._visit, opened, self.show)
            fill(self._decide, self._acts.build)
        fill(self._body, lambda: self._build(opened))

    async def _poll(self) -> None:
        opened = await self._visit.do(lambda: self._opened(None), seen=False)
        if opened is not None and (opened.check, opened.version.state) != self._known:
            await self.show()

    def _opened(self, against: UUID | None) -> Opened:
        return self._visit.editing.open(self._version_id, against, self._visit.visitor.telegram_id)

    def _title(self, opened: Opened) -> None:
        visit, version = self._visit, opened.version
        with element("div", "card-head"):
            text(f"{version.document} · {version.number}", tag="h1")
            text(version.language, "tag")
            chip(visit, state_of(version, in_force=opened.in_force))
        text(people_of(visit, version), "soft", "p")
        if dates := dates_of(visit, version):
            text(dates, "strong", "p", "dates")
        if version.reason:
            text(visit.text("console.reason_given", reason=version.reason), "soft", "p")
        for warning in version.warnings:
            warn(visit, remark_of(warning))

    def _build(self, opened: Opened) -> None:
        visit = self._visit
        with card(visit.text("console.golden"), "golden"):
            self._golden(opened)
        if opened.others:
            with card(visit.text("console.changes"), "changes"):
                self._compare(opened)
        with card(visit.plural("console.understood", len(opened.entries)), "entries"):
            entries(visit, opened.entries)

    def _compare(self, opened: Opened) -> None:
        """Show what the version changes against another one, which is the one in force unless somebody chooses."""
        versions = {other.id: self._visit.text("console.version", number=other.number) for other in opened.others}
        shown = opened.against.id if opened.against and opened.against.id in versions else None

        async def chosen(event: ValueChangeEventArguments[UUID]) -> None:
            self._against = event.value
            await self.show()

        ui.select(versions, value=shown, on_change=chosen).props("outlined dense data-testid=against")
        if shown:
            differences(self._visit, opened.comparison)

    def _golden(self, opened: Opened) -> None:
        visit, golden = self._visit, opened.golden
        if opened.check in _OPEN:
            text(visit.text("console.golden_waits"), "hint", "p")
        elif opened.check == CheckState.FAILED:
            text(visit.text("console.golden_failed"), "warning", "p")
        elif golden is None or not golden.places:
            text(visit.text("console.golden_none"), "hint", "p")
        else:
            scores(visit, golden)
            if golden.worse:
                text(visit.text("console.golden_worse"), "problem", "p", "worse")
            for place in golden.lost:
                lost(visit, place)
