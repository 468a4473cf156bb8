"""The page of the staff: who holds what, roles given and taken, what waits for a second administrator, PINs."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from nicegui import ui

from database.models import RoleRequest
from handlers.console.console import Visit
from handlers.console.frame import frame
from handlers.console.parts import answered, button, card, element, fill, moment, sure, text
from services.access import Permission, allowed
from services.administration import granting, issuing, people, roster
from services.administration.counter import Counter
from services.administration.office import Office
from services.administration.roster import Held, Member

Result = TypeVar("Result")
_LONGEST = 15  # digits of an account


@dataclass(frozen=True)
class _Seen:
    """What the page shows, as of `at`."""

    members: Sequence[Member]
    waiting: Sequence[RoleRequest]
    reviewed: datetime | None
    at: datetime


async def staff_page(visit: Visit, counter: Counter) -> None:
    """Build the page."""
    with frame(visit):
        text(visit.text("admin.staff.title"), tag="h1")
        if not visit.may(Permission.SEE_STAFF):
            text(visit.text("console.nothing"), "hint", "p", "nothing")
            return
        await _StaffPage(visit, counter).show()


class _StaffPage:
    def __init__(self, visit: Visit, counter: Counter) -> None:
        self._visit, self._counter, self._by = visit, counter, visit.visitor.telegram_id
        self._administers = visit.may(Permission.ADMINISTER)
        if self._administers:
            with card(visit.text("admin.staff.add"), "new-role"):
                self._adding()
        self._body = element("div", "stack")

    async def show(self) -> None:
        """Show who holds what as things are now."""
        seen = await self._visit.do(lambda: self._counter.look(self._by, _look))
        if seen is not None:
            fill(self._body, lambda: self._build(seen))

    def _adding(self) -> None:
        visit = self._visit
        text(visit.text("admin.staff.two"), "hint", "p")
        with element("div", "fields"):
            account = ui.input(visit.text("admin.staff.account")).props(f"outlined dense maxlength={_LONGEST}")
            account.props["data-testid"] = "new-account"
            role = ui.select({role.value: visit.text(f"role.{role}") for role in granting.GIVEN}, value="moderator")
            role.props("outlined dense").props["data-testid"] = "new-kind"

        async def give() -> None:
            whom = people.account(str(account.value or "").strip()) or 0
            asked = await self._did(lambda office: granting.grant(office, whom, str(role.value)))
            if asked:
                key = "admin.staff.asked" if asked[0] else "admin.staff.given"
                visit.tell(key)
                account.value = ""
            await self.show()

        button(visit.text("admin.staff.give"), "give", give, "primary")

    def _build(self, seen: _Seen) -> None:
        visit = self._visit
        with element("div", "card-head"):
            text(visit.text("admin.people.drawn", time=moment(seen.at)), "soft", testid="drawn")
            button(visit.text("admin.refresh"), "refresh", self.show, "quiet small")
            button(visit.text("admin.staff.csv"), "review", self._review, "quiet small")
        reviewed = moment(seen.reviewed) if seen.reviewed else visit.text("system.never")
        text(visit.text("admin.staff.last_review", at=reviewed), "soft", "p", "reviewed")
        for request in seen.waiting:
            self._request(request)
        for member in seen.members:
            self._member(member)

    def _request(self, request: RoleRequest) -> None:
        visit, number = self._visit, request.id
        with card(visit.text("admin.staff.waits"), "request"):
            role = visit.text(f"role.{request.role}")
            told = visit.text("admin.staff.asks_for", who=request.asked_by, id=request.telegram_id, role=role)
            text(told, "", "p")
            if self._administers:
                with element("div", "buttons"):
                    for approve, key, kind in ((True, "approve", "primary"), (False, "decline", "quiet")):
                        button(visit.text(f"admin.staff.{key}"), key, self._deciding(number, approve=approve), kind)

    def _deciding(self, number: int, *, approve: bool) -> Callable[[], Awaitable[None]]:
        async def decide() -> None:
            if await self._did(lambda office: granting.decide(office, number, approve=approve)):
                self._visit.tell("console.done")
            await self.show()

        return decide

    def _member(self, member: Member) -> None:
        visit, roles = self._visit, [held.role for held in member.held]
        with element("section", "card", f"member-{member.telegram_id}"):
            with element("div", "card-head"):
                text(member.name or "—", "card-title", "h2")
                text(str(member.telegram_id), "tag", testid="number")
                if any(held.has_pin for held in member.held):
                    text(visit.text("admin.staff.has_pin"), "tag", testid="has-pin")
                if self._administers and allowed(roles, Permission.TAKE_CHATS):
                    button(visit.text("admin.staff.pin"), "pin", self._issuing(member.telegram_id), "quiet small")
            for held in member.held:
                self._held(held)

    def _held(self, held: Held) -> None:
        visit = self._visit
        known = held.role in granting.GIVEN
        name = visit.text(f"role.{held.role}") if known else held.role
        by = visit.text("admin.staff.by_command") if held.given_by is None else str(held.given_by)
        with element("div", "card-head", f"role-{held.role}"):
            text(name, "chip chip-in_force")
            told = visit.text("admin.staff.given_by", since=moment(held.since), by=by)
            if held.approved_by is not None:
                told += ", " + visit.text("admin.staff.approved_by", who=held.approved_by)
            text(told, "soft")
            if self._administers:
                button(visit.text("admin.staff.take"), "take", self._taking(held, name), "danger small")

    def _taking(self, held: Held, name: str) -> Callable[[], Awaitable[None]]:
        async def take() -> None:
            question = self._visit.text("admin.staff.sure", role=name, id=held.telegram_id)
            if not await sure(self._visit, question):
                return
            if await self._did(lambda office: granting.revoke(office, held.telegram_id, held.role)):
                self._visit.tell("console.done")
            await self.show()

        return take

    def _issuing(self, telegram_id: int) -> Callable[[], Awaitable[None]]:
        async def issue() -> None:
            if not await sure(self._visit, self._visit.text("admin.staff.sure_issue", id=telegram_id)):
                return
            issued = await self._did(lambda office: issuing.issue(office, telegram_id))
            await self.show()  # now: drawn anew when the dialog closes, the page would swallow the next press
            if issued:
                await self._show_pin(issued[0])

        return issue

    async def _show_pin(self, pin: str) -> None:
        """Show a new PIN until the dialog is closed, and nowhere again."""

        def build(dialog: ui.dialog) -> None:
            text(self._visit.text("admin.staff.pin_once"), "hint", "p")
            text(pin, "card-title", "p", "new-pin")
            button(self._visit.text("admin.staff.close"), "close", lambda: dialog.submit(None), "primary")

        await answered(self._visit, build, "pin-dialog")

    async def _review(self) -> None:
        if held := await self._did(roster.review):
            self._visit.download(roster.as_csv(held[0]), "roles.csv")
        await self.show()

    async def _did(self, act: Callable[[Office], Result]) -> tuple[Result] | None:
        """Do something; returns what came of it, or None when it was refused.

        The page is shown anew only after what follows: the button that was pressed goes with that.
        """
        return await self._visit.do(lambda: (self._counter.do(self._by, act),))


def _look(office: Office) -> _Seen:
    members = roster.staff(office)
    waiting, reviewed = office.uow.role_requests.pending(), roster.reviewed_at(office.uow)
    return _Seen(members, waiting, reviewed, office.uow.now())
