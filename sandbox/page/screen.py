"""The whole page as one browser shows it: the bar, the tabs of a narrow screen, and the panes."""

import asyncio
from collections.abc import Sequence

from nicegui import Client, ui

from sandbox.page import words
from sandbox.page.dialogs import Field, ask
from sandbox.page.faults_menu import FaultsMenu
from sandbox.page.pane import Pane
from sandbox.page.parts import button, element, icon_button, show_icon, text
from sandbox.page.people import CAST
from sandbox.page.tabs import Tabs
from sandbox.telegram.world import Change, World


class Screen:
    """Follows the world until its browser has gone; changes within one turn of the loop are shown together."""

    def __init__(self, world: World, client: Client, person_ids: Sequence[int]) -> None:
        self._world = world
        self._client = client
        self._panes: dict[int, Pane] = {}
        self._changed: set[int] = set()
        self._afresh = False
        self._due = False
        self._build_bar()
        self._tabs = Tabs(self._select)
        self._frame = element("main", "panes")
        for person_id in person_ids:
            self._open(person_id)
        self._select(person_ids[0])
        client.on_delete(world.subscribe(self._note))

    def _build_bar(self) -> None:
        with element("header", "bar", "bar"):
            with element("h1", "brand"):
                text(words.TITLE, "brand-name")
                text(words.SUBTITLE, "brand-hint")
            self._faults = FaultsMenu(self._world)
            with element("a", "bar-button", "journal", href="/control/journal", target="_blank", rel="noopener"):
                show_icon("receipt_long")
                text(words.JOURNAL, "bar-label")
            with button("bar-button", words.START_AFRESH, "start-afresh", self._start_afresh):
                show_icon("restart_alt")
                text(words.START_AFRESH, "bar-label")
            icon_button("person_add", words.ADD_PERSON, "add-person", self._add)

    def _open(self, person_id: int) -> None:
        with self._frame:
            pane = Pane(self._world, person_id, self._close)
        self._panes[person_id] = pane
        self._tabs.add(pane.phone.person)

    def _close(self, person_id: int) -> None:
        if len(self._panes) == 1:
            return
        self._panes.pop(person_id).frame.delete()
        self._tabs.remove(person_id)
        self._select(next(iter(self._panes)))
        self._remember()

    def _select(self, person_id: int) -> None:
        """Bring a person to the front of a narrow screen."""
        self._tabs.select(person_id)
        for number, pane in self._panes.items():
            pane.frame.classes(**{"add" if number == person_id else "remove": "active"})

    def _remember(self) -> None:
        """Keep the people in the address, so that a reload shows them again."""
        shown = list(self._panes)
        address = "/" if shown == list(CAST) else f"/?people={','.join(map(str, shown))}"
        with self._client:
            ui.navigate.history.replace(address)

    async def _add(self) -> None:
        free = max(self._panes) + 1
        fields = (
            Field("id", words.PERSON_ID, str(free)),
            Field("first_name", words.FIRST_NAME),
            Field("language_code", words.LANGUAGE_CODE, "en"),
            Field("phone_number", words.PHONE_NUMBER),
        )
        given = await ask(words.ADD_PERSON, fields, words.ADD_PERSON)
        if given is None:
            return
        number = given.pop("id")
        if not (number.isascii() and number.isdigit() and int(number) > 0):
            ui.notify(words.ID_IS_A_NUMBER)
            return
        person_id = int(number)
        if person_id not in self._panes:
            self._open(person_id)
            self._remember()
        self._select(person_id)
        self._panes[person_id].phone.describe(**given)

    async def _start_afresh(self) -> None:
        if await ask(words.START_AFRESH_QUESTION, (), words.START_AFRESH) is not None:
            self._world.reset()

    def _note(self, change: Change) -> None:
        if change.chat is None:
            self._afresh = True
        elif change.chat.id in self._panes:
            self._changed.add(change.chat.id)
        else:
            return
        if not self._due:
            self._due = True
            asyncio.get_running_loop().call_soon(self._follow)

    def _follow(self) -> None:
        self._due = False
        if self._client.is_deleted:
            return
        changed, self._changed = self._changed & self._panes.keys(), set()
        with self._client:
            self._faults.show()
            if self._afresh:
                self._afresh = False
                self._restart()
            for person_id in changed:
                self._tabs.arrived(person_id, self._panes[person_id].refresh())
                self._tabs.show(self._panes[person_id].phone.person)

    def _restart(self) -> None:
        for person_id, pane in self._panes.items():
            pane.restart()
            self._tabs.show(pane.phone.person)
            self._tabs.clear(person_id)
