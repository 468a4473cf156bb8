"""The page of the system's state: what runs, what waits, what failed, and what may be done about it."""

from nicegui import ui
from sqlalchemy.exc import SQLAlchemyError

from handlers.console.console import Visit
from handlers.console.dead import DeadLetters
from handlers.console.frame import frame
from handlers.console.parts import card, element, fill, moment, text
from services.access import Permission
from services.errors import NotPermitted
from services.status import QUEUES, SystemState
from services.system import Seen

_LOOK_SECONDS = 5.0


async def system_page(visit: Visit) -> None:
    """Build the page."""
    with frame(visit):
        text(visit.text("system.title"), tag="h1")
        if not visit.may(Permission.READ_STATE):
            text(visit.text("admin.not_allowed"), "hint", "p", "nothing")
            return
        await SystemPage(visit).show()


class SystemPage:
    """One person's look at the system, which looks again by itself."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._by = visit.visitor.telegram_id
        self._drawn = text("", "hint", "p", "drawn")
        self._state = element("div", "stack", "state")
        self._dead = DeadLetters(visit, self.show)
        self._timer = ui.timer(_LOOK_SECONDS, self._again, active=True, immediate=False)

    async def show(self) -> None:
        """Show the state as it is now."""
        seen = await self._visit.do(lambda: self._visit.console.system.look(self._by))
        if seen is None:
            self._gone()
        else:
            self._build(seen)

    async def _again(self) -> None:
        """Look by itself: that keeps no session from ending, and shows nothing to who may not see it any more."""
        try:
            self._build(await self._visit.looked(lambda: self._visit.console.system.look(self._by)))
        except NotPermitted:
            self._gone()
        except PermissionError:
            self._visit.go("/sign-in")
        except SQLAlchemyError:
            self._drawn.set_text(self._visit.text("console.error.unavailable"))

    def _gone(self) -> None:
        self._timer.deactivate()
        self._state.clear()
        self._dead.show([])
        self._drawn.set_text(self._visit.text("admin.not_allowed"))

    def _build(self, seen: Seen) -> None:
        self._drawn.set_text(self._visit.text("system.drawn", when=f"{seen.state.at:%Y-%m-%d %H:%M:%S} UTC"))
        fill(self._state, lambda: self._cards(seen.state))
        self._dead.show(seen.dead)

    def _cards(self, state: SystemState) -> None:
        visit = self._visit
        with card(visit.text("system.running"), "running"):
            name = f"@{state.bot.username}" if state.bot.username else "—"
            self._row(visit.text("system.bot"), f"{name}, {state.bot.id}")
            for part in state.running:
                self._row(visit.text(f"system.part.{part.part}"), str(part.number))
            for process in state.processes:
                named, silent = visit.text(f"system.part.{process.part}"), round(process.silent)
                self._row(f"{named} · {process.process}", visit.text("system.silent", seconds=silent), "soft")
            self._row(visit.text("system.breakers"), ", ".join(state.breakers) or "—")
        with card(visit.text("system.queues"), "queues"):
            for name in QUEUES:
                queue = state.backlog[name]
                age = visit.text("system.oldest", seconds=round(queue.oldest)) if queue.waiting else ""
                self._row(visit.text(f"system.queue.{name}"), f"{queue.waiting} {age}".strip())
            held = visit.text("system.held_for", number=state.held.number, seconds=round(state.held.longest))
            self._row(visit.text("system.held"), held if state.held.number else "0")
            stuck = ", ".join(
                f"{visit.text(f'system.queue.{lease.queue}')}: {round(lease.seconds)}" for lease in state.stuck
            )
            self._row(visit.text("system.leases"), stuck or "—")
        with card(visit.text("system.known"), "known"):
            self._known(state)

    def _known(self, state: SystemState) -> None:
        visit = self._visit
        documents = ", ".join(f"{v.document} ({v.language}) v{v.number}" for v in state.knowledge)
        self._row(visit.text("system.knowledge"), documents or "—")
        indexes = ", ".join(f"{i.language} {i.version} ({moment(i.ready_at)})" for i in state.indexes)
        self._row(visit.text("system.index"), indexes or "—")
        self._row(visit.text("settings.assistant"), visit.text("admin.ai_on" if state.ai_enabled else "admin.ai_off"))
        at = state.archived.verified_at if state.archived else None
        archived = moment(at) if at else visit.text("system.never")
        self._row(visit.text("system.archived"), archived)
        self._row(visit.text("system.audit_size"), str(state.tree.size if state.tree else 0))
        tree = state.tree
        if tree is None or tree.checked_at is None:
            self._row(visit.text("system.audit_check"), visit.text("system.never"))
            return
        found = visit.text("system.findings", number=tree.findings) if tree.findings else ""
        self._row(visit.text("system.audit_check"), f"{moment(tree.checked_at)} {found}".strip())

    def _row(self, label: str, value: str, classes: str = "") -> None:
        with element("div", "state-row", "state-row"):
            text(label, classes)
            text(value, "strong")
