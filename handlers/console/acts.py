"""What may be done with a version on its page: approve, reject, set dates, roll back, retire."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from nicegui import ui

from database.models import VersionState
from handlers.console.console import Visit
from handlers.console.parts import answered, button, card, element, text, yes_or_no
from services.access import Permission
from services.knowledge.editing import Opened
from services.knowledge.lifecycle import Dates

_MOST = 10  # questions that a dialog names


class Acts:
    """The card of acts; `again` shows the page anew after one."""

    def __init__(self, visit: Visit, opened: Opened, again: Callable[[], Awaitable[None]]) -> None:
        self._visit = visit
        self._opened = opened
        self._again = again
        self._by = visit.visitor.telegram_id

    def renew(self, opened: Opened) -> bool:
        """Take what is known of the version now; returns whether the same may be done: what is typed can stay then."""
        before, self._opened = self._opened, opened
        return _decided(before) == _decided(opened)

    def build(self) -> None:
        """Show what this person may do; the acts themselves ask again."""
        version, may_approve = self._opened.version, self._visit.may(Permission.APPROVE_KNOWLEDGE)
        own = version.uploaded_by == self._by
        if version.state == VersionState.DRAFT:
            with card(self._visit.text("console.decide"), "decide"):
                if may_approve and not own:
                    self._dated("console.approve", "approve", self._approve)
                else:
                    text(self._visit.text("console.needs_another"), "hint", "p", "needs-another")
                if may_approve or own:
                    self._rejecting()
        elif version.state == VersionState.APPROVED and may_approve:
            with card(self._visit.text("console.dates"), "decide"):
                if not own:
                    self._dated("console.set_dates", "schedule", self._schedule)
                if self._opened.in_force:
                    self._ending()

    def _dated(self, key: str, testid: str, act: Callable[[Dates], Awaitable[None]]) -> None:
        version = self._opened.version
        with element("div", "fields"):
            start = _moment_input(self._visit.text("console.start"), version.effective_from, f"{testid}-start")
            end = _moment_input(self._visit.text("console.end"), version.effective_to, f"{testid}-end")

        async def pressed() -> None:
            try:
                dates = Dates(_moment(start.value), _moment(end.value))
            except ValueError:
                self._visit.refuse("wrong_dates")
                return
            await act(dates)

        button(self._visit.text(key), testid, pressed, "primary")

    def _rejecting(self) -> None:
        reason = ui.input(self._visit.text("console.reason")).props("outlined dense maxlength=500").classes("wide")

        async def pressed() -> None:
            given = str(reason.value or "").strip()
            await self._done(lambda: self._visit.editing.reject(self._opened.version.id, self._by, given))

        button(self._visit.text("console.reject"), "reject", pressed, "danger")

    def _ending(self) -> None:
        version = self._opened.version

        async def roll_back() -> None:
            await self._sure(lambda: self._visit.editing.roll_back(version.document, version.language, self._by))

        async def retire() -> None:
            await self._sure(lambda: self._visit.editing.retire(version.document, version.language, self._by))

        with element("div", "buttons"):
            button(self._visit.text("console.roll_back"), "roll-back", roll_back, "danger")
            button(self._visit.text("console.retire"), "retire", retire, "danger")

    async def _approve(self, dates: Dates) -> None:
        await self._done(lambda: self._visit.editing.approve(self._opened.version.id, self._by, dates))

    async def _schedule(self, dates: Dates) -> None:
        await self._done(lambda: self._visit.editing.schedule(self._opened.version.id, self._by, dates))

    async def _sure(self, act: Callable[[], object]) -> None:
        def build(dialog: ui.dialog) -> None:
            text(self._visit.text("console.sure"), "strong", "p")
            if lost := self._opened.golden.gained if self._opened.golden else ():
                text(self._visit.text("console.will_lose"), "warning", "p", "will-lose")
                for place in lost[:_MOST]:
                    text(place.question, "soft", "p")
            yes_or_no(self._visit, dialog)

        if await answered(self._visit, build):
            await self._done(act)

    async def _done(self, act: Callable[[], object]) -> None:
        if await self._visit.do(act) is not None:
            self._visit.tell("console.done")
        await self._again()


def _decided(opened: Opened) -> tuple[object, ...]:
    version = opened.version
    return version.state, version.effective_from, version.effective_to, opened.in_force


def _moment_input(label: str, value: datetime | None, testid: str) -> ui.input:
    shown = f"{value:%Y-%m-%dT%H:%M}" if value else ""
    made = ui.input(label, value=shown).props("outlined dense stack-label type=datetime-local")
    made.props["data-testid"] = testid
    return made


def _moment(value: object) -> datetime | None:
    return datetime.fromisoformat(str(value)).replace(tzinfo=UTC) if value else None
