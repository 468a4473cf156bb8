"""The page of the customers: looked up, filtered and masked, blocked and let in again."""

from collections.abc import Callable
from dataclasses import replace

from nicegui import ui

from database.models import Tier
from database.queries.people import Sought
from handlers.console.console import Visit
from handlers.console.frame import frame
from handlers.console.parts import button, card, element, fill, moment, sure, text
from services.access import Permission
from services.administration import barring, people
from services.administration.counter import Counter
from services.administration.office import Office
from services.administration.people import Listed, Person

_SIZE = 25  # people on a page
_LONGEST = 40  # characters of what is looked for


async def people_page(visit: Visit, counter: Counter) -> None:
    """Build the page."""
    with frame(visit):
        text(visit.text("admin.people.title"), tag="h1")
        if not visit.may(Permission.SEE_PEOPLE):
            text(visit.text("console.nothing"), "hint", "p", "nothing")
            return
        text(visit.text("admin.people.hint"), "hint", "p")
        await _PeoplePage(visit, counter).show()


class _PeoplePage:
    """What is looked for, which never stands in the address: it may be somebody's phone."""

    def __init__(self, visit: Visit, counter: Counter) -> None:
        self._visit, self._counter, self._by = visit, counter, visit.visitor.telegram_id
        self._sought, self._page = Sought(), 0
        with card(visit.text("admin.people.find"), "find-people"):
            self._words = ui.input(visit.text("admin.people.words")).props(f"outlined dense maxlength={_LONGEST}")
            self._words.classes("wide")
            self._words.props["data-testid"] = "find-words"
            self._words.on("keydown.enter", self._find)
            button(visit.text("console.search"), "find", self._find, "primary")
        self._body = element("div", "stack")

    async def show(self) -> None:
        """Show whom there is as things are now."""
        words = " ".join(str(self._words.value or "").split())
        if words:
            found = await self._look(lambda office: people.looked_up(office, words, self._page, _SIZE))
        else:
            found = await self._look(lambda office: people.listed(office, self._sought, self._page, _SIZE))
        fill(self._body, lambda: self._build(found, filtered=not words))

    async def _look(self, look: Callable[[Office], Listed]) -> Listed | None:
        return await self._visit.do(lambda: self._counter.look(self._by, look))

    async def _find(self) -> None:
        self._page = 0
        await self.show()

    def _build(self, found: Listed | None, *, filtered: bool) -> None:
        visit = self._visit
        if filtered:
            self._filters()
        if found is None:
            return
        with element("div", "card-head"):
            text(visit.text("admin.people.drawn", time=moment(found.at)), "soft", testid="drawn")
            button(visit.text("admin.refresh"), "refresh", self.show, "quiet small")
        if not found.people:
            text(visit.text("admin.users.nobody"), "hint", "p", "nobody")
        for one in found.people:
            self._person(one)
        with element("div", "buttons"):
            if self._page:
                button(visit.text("admin.previous"), "previous", lambda: self._turn(-1), "quiet")
            if found.more:
                button(visit.text("admin.next"), "next", lambda: self._turn(1), "quiet")

    async def _turn(self, pages: int) -> None:
        self._page += pages
        await self.show()

    def _filters(self) -> None:
        visit, now = self._visit, self._sought
        words = visit.console.words
        with card(visit.text("admin.people.filter"), "filters"):
            self._choice("tier", [(None, "admin.users.any"), *((tier, f"admin.tier.{tier}") for tier in Tier)])
            with element("div", "buttons"):
                self._chip(visit.text("admin.users.any"), replace(now, language=None), "language-any")
                for code in words.languages:
                    self._chip(words.text(code, "language.name"), replace(now, language=code), f"language-{code}")
            with element("div", "buttons"):
                self._chip(visit.text("admin.users.any"), replace(now, barred=None), "who-any")
                self._chip(visit.text("admin.users.only_barred"), replace(now, barred=True), "who-barred")

    def _choice(self, name: str, values: list[tuple[str | None, str]]) -> None:
        with element("div", "buttons"):
            for value, key in values:
                self._chip(self._visit.text(key), replace(self._sought, tier=value), f"{name}-{value or 'any'}")

    def _chip(self, label: str, sought: Sought, testid: str) -> None:
        async def choose() -> None:
            self._sought, self._page = sought, 0
            await self.show()

        chosen = "primary" if sought == self._sought else "quiet"
        button(label, testid, choose, f"{chosen} small")

    def _person(self, one: Person) -> None:
        visit = self._visit
        with element("section", "card", "person"):
            with element("div", "card-head"):
                text(one.name or "—", "card-title", "h2")
                text(str(one.telegram_id), "tag", testid="number")
                text(visit.console.words.text(one.language, "language.name"), "tag")
                if one.barred_at:
                    text(visit.text("admin.people.barred"), "chip chip-rejected", testid="barred")
                if one.left_at:
                    text(visit.text("admin.people.left"), "chip")
            told = visit.text("admin.people.facts", phone=one.phone or "—", tier=visit.text(f"admin.tier.{one.tier}"))
            text(told, "soft", "p", "facts")
            text(visit.text("admin.people.since", since=moment(one.since)), "soft", "p")
            if visit.may(Permission.BAR_PEOPLE):
                self._act(one)

    def _act(self, one: Person) -> None:
        visit = self._visit

        async def bar() -> None:
            if await sure(visit, visit.text("admin.people.sure", id=one.telegram_id)):
                await self._done(lambda office: barring.bar(office, one.telegram_id))

        async def let_in() -> None:
            await self._done(lambda office: barring.let_in(office, one.telegram_id))

        if one.barred_at:
            button(visit.text("admin.users.let_in"), "let-in", let_in, "quiet small")
        else:
            button(visit.text("admin.users.bar"), "bar", bar, "danger small")

    async def _done(self, act: Callable[[Office], None]) -> None:
        if await self._visit.do(lambda: (self._counter.do(self._by, act),)):
            self._visit.tell("console.done")
        await self.show()  # last: the button that was pressed goes with it
