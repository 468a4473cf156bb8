"""The dead letters on the page of the system: another life for them, or their end with a reason."""

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from database.queries.dead import DeadLetter
from handlers.console.console import Visit
from handlers.console.parts import answered, button, card, element, fill, moment, text
from services.access import Permission
from services.dead_letters import Why


class DeadLetters:
    """The card of dead letters; `again` shows the page anew after an act."""

    def __init__(self, visit: Visit, again: Callable[[], Awaitable[None]]) -> None:
        self._visit = visit
        self._again = again
        self._by = visit.visitor.telegram_id
        self._acts = visit.may(Permission.ADMINISTER)
        self._shown: Sequence[DeadLetter] | None = None
        self._body = element("div", "stack")

    def show(self, letters: Sequence[DeadLetter]) -> None:
        """Show these, if they are others than before: a button must not go away under somebody's finger."""
        if letters != self._shown:
            self._shown = list(letters)
            fill(self._body, lambda: self._build(letters))

    def _build(self, letters: Sequence[DeadLetter]) -> None:
        visit = self._visit
        with card(visit.text("system.dead"), "dead"):
            if not letters:
                text(visit.text("system.no_dead"), "hint", "p", "no-dead")
                return
            if self._acts:
                with element("div", "buttons"):
                    button(visit.text("system.replay_all"), "replay-all", self._replay_all, "primary")
            for letter in letters:
                self._letter(letter)

    def _letter(self, letter: DeadLetter) -> None:
        visit = self._visit

        async def replay() -> None:
            told = await visit.do(lambda: visit.console.system.replay(self._by, letter.kind, letter.number))
            await self._done(told=told)

        async def drop() -> None:
            await self._drop(letter)

        with element("div", "change", "letter"):
            text(f"{visit.text(f'system.dead.{letter.kind}')} {letter.number}", "strong", "p")
            tried = visit.text("system.tried", attempts=letter.attempts, reason=letter.reason or "—")
            text(f"{moment(letter.since)} · {tried}", "soft", "p")
            if self._acts:
                with element("div", "buttons"):
                    button(visit.text("system.replay"), "replay", replay, "quiet small")
                    button(visit.text("system.drop"), "drop", drop, "danger small")

    async def _replay_all(self) -> None:
        revived = await self._visit.do(lambda: self._visit.console.system.replay_all(self._by))
        await self._done(told=revived is not None)

    async def _drop(self, letter: DeadLetter) -> None:
        visit = self._visit

        def build(dialog: ui.dialog) -> None:
            text(visit.text("system.drop_why"), "strong", "p")
            with element("div", "buttons"):
                for why in Why:
                    button(visit.text(f"system.why.{why}"), f"why-{why}", _choice(dialog, why), "danger")
                button(visit.text("console.no"), "no", lambda: dialog.submit(None), "quiet")

        why = await answered(visit, build)
        if isinstance(why, Why):
            dropped = await visit.do(lambda: visit.console.system.drop(self._by, letter.kind, letter.number, why))
            await self._done(told=dropped)

    async def _done(self, *, told: bool | None) -> None:
        if told:
            self._visit.tell("console.done")
        await self._again()


def _choice(dialog: ui.dialog, why: Why) -> Callable[[], None]:
    return lambda: dialog.submit(why)
