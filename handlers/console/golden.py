"""The page of the golden questions: which there are, of which documents, and how the knowledge did when last asked."""

from collections.abc import Sequence

from nicegui import ui

from database.models import CheckState, GoldenQuestion, VersionState
from database.queries.golden import NewQuestion
from handlers.console.console import Visit
from handlers.console.frame import frame
from handlers.console.parts import button, card, element, fill, link, text
from handlers.console.scores import lost, scores
from services.access import Permission
from services.knowledge.questions import Checked

_POLL_SECONDS = 2.0  # between looks while checks are made
_LONGEST = 500  # characters of a question
_OPEN = (CheckState.WAITING, CheckState.RUNNING)


async def golden_page(visit: Visit) -> None:
    """Build the page."""
    with frame(visit):
        text(visit.text("console.golden"), tag="h1")
        if not (visit.may(Permission.EDIT_KNOWLEDGE) or visit.may(Permission.APPROVE_KNOWLEDGE)):
            text(visit.text("console.nothing"), "hint", "p", "nothing")
            return
        text(visit.text("console.golden_hint"), "hint", "p")
        await _GoldenPage(visit).show()


class _GoldenPage:
    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._by = visit.visitor.telegram_id
        self._keeps = visit.may(Permission.APPROVE_KNOWLEDGE)
        if self._keeps:
            with card(visit.text("console.golden_new"), "new-question"):
                self._adding()
        self._body = element("div", "stack")
        self._timer = ui.timer(_POLL_SECONDS, self.show, active=False)

    async def show(self) -> None:
        """Show the questions and the checks as they are now."""
        questions = await self._visit.do(self._visit.console.questions.all, seen=False)
        checks = await self._visit.do(self._visit.console.questions.checked, seen=False)
        if questions is not None and checks is not None:
            self._timer.active = any(one.state in _OPEN for one in checks)
            fill(self._body, lambda: self._build(questions, checks))

    def _adding(self) -> None:
        visit, words = self._visit, self._visit.console.words
        languages = {code: words.text(code, "language.name") for code in words.languages}
        question = _input(visit.text("console.question"), "new-words").classes("wide")
        with element("div", "fields"):
            title = _input(visit.text("console.answer_title"), "new-title")
            document = _input(visit.text("console.document"), "new-document")
            language = ui.select(languages, label=visit.text("console.language"), value=visit.console.language)
            language.props("outlined dense")

        async def add() -> None:
            typed = [" ".join(str(field.value or "").split()) for field in (question, title, document)]
            new = NewQuestion(typed[0], str(language.value), typed[1] or None, typed[2] or None)
            added = await visit.do(lambda: visit.console.questions.add(self._by, [new]))
            if added is not None:
                visit.tell("console.done" if added else "console.golden_there")
                question.value = ""
                await self.show()

        button(visit.text("console.add"), "add", add, "primary")

    def _build(self, questions: Sequence[GoldenQuestion], checks: Sequence[Checked]) -> None:
        visit = self._visit
        with card(visit.text("console.last_checks"), "checks"):
            for one in checks:
                self._check(one)
            if not checks:
                text(visit.text("console.no_checks"), "hint", "p")
            if self._keeps:
                button(visit.text("console.check_now"), "check-now", self._ask, "quiet")
        for document in sorted({row.document or "" for row in questions}):
            own = [row for row in questions if (row.document or "") == document]
            with card(document or visit.text("console.any_document"), "questions"):
                for row in own:
                    self._question(row, checks)
        if not questions:
            text(visit.text("console.no_questions"), "hint", "p", "no-questions")

    def _check(self, one: Checked) -> None:
        visit, version = self._visit, one.version
        with element("div", "change", "check"):
            with element("div", "card-head"):
                link(f"{version.document} · {version.number}", f"/version/{version.id}", "version-link")
                text(version.language, "tag")
            if one.state in _OPEN:
                text(visit.text("console.golden_waits"), "hint", "p")
            elif one.result is None:
                text(visit.text("console.golden_failed"), "warning", "p")
            elif one.result.places:
                scores(visit, one.result)
                for place in one.result.lost:
                    lost(visit, place)
            else:
                text(visit.text("console.golden_none"), "hint", "p")

    def _question(self, row: GoldenQuestion, checks: Sequence[Checked]) -> None:
        visit = self._visit

        async def remove() -> None:
            await visit.do(lambda: visit.console.questions.remove(self._by, row.question, row.language))
            await self.show()

        with element("div", "change golden-row", "golden-question"):
            text(row.question, "entry-question", "p")
            text(row.title or "", "soft", "p")
            with element("div", "card-head"):
                text(row.language, "tag")
                if place := place_of(row, checks):
                    text(visit.text("console.place", place=place), "tag", testid="place")
                if self._keeps:
                    button(visit.text("console.remove"), "remove", remove, "quiet small")

    async def _ask(self) -> None:
        await self._visit.do(lambda: self._visit.console.questions.check(in_force=True))
        await self.show()


def place_of(row: GoldenQuestion, checks: Sequence[Checked]) -> int | None:
    """Return the place at which the last checks of what is in force found a question's answer, if any did."""
    approved = (one.result for one in checks if one.result and one.version.state == VersionState.APPROVED)
    asked = (place for result in approved for place in result.places)
    found = (place.after for place in asked if (place.question, place.language) == (row.question, row.language))
    return next(filter(None, found), None)


def _input(label: str, testid: str) -> ui.input:
    made = ui.input(label).props(f"outlined dense maxlength={_LONGEST}")
    made.props["data-testid"] = testid
    return made
