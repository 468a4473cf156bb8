"""The page of settings that change while the bot runs: an area at a time, what is in force and where it comes from."""

from collections.abc import Mapping, Sequence
from functools import partial

from handlers.console.console import Visit
from handlers.console.frame import frame
from handlers.console.parts import button, card, element, fill, link, text
from handlers.console.setting import SettingCard
from services.access import Permission
from services.running.fields import Area
from services.running.sheet import Entry


async def settings_page(visit: Visit, asked: Mapping[str, str]) -> None:
    """Build the page for the area and the language that stand in the address."""
    area = next((area for area in Area if area == asked.get("area")), Area.ANSWERS)
    languages = visit.console.words.languages
    language = asked.get("language", "")
    with frame(visit):
        text(visit.text("settings.title"), tag="h1")
        if not visit.may(Permission.READ_STATE):
            text(visit.text("admin.not_allowed"), "hint", "p", "nothing")
            return
        await SettingsPage(visit, area, language if language in languages else visit.visitor.language).show()


class SettingsPage:
    """One person's look at an area."""

    def __init__(self, visit: Visit, area: Area, language: str) -> None:
        self._visit = visit
        self._area = area
        self._language = language
        self._by = visit.visitor.telegram_id
        with element("nav", "buttons", "areas"):
            for each in Area:
                here = "primary" if each == area else "quiet"
                link(visit.text(f"settings.area.{each}"), f"/settings?area={each}", f"button {here}", f"area-{each}")
        text(visit.text("settings.hint"), "hint", "p")
        if area == Area.TEXTS:
            text(visit.text("settings.format.text"), "hint", "p")
            self._languages()
        self._body = element("div", "stack", "settings")

    async def show(self) -> None:
        """Show the settings as they are now."""
        office = self._visit.console.settings
        entries = await self._visit.do(lambda: office.entries(self._by, self._area, self._language))
        speaks = await self._visit.do(office.assistant) if self._area == Area.ANSWERS else None
        if entries is not None:
            fill(self._body, lambda: self._build(entries, speaks=speaks))

    async def _again(self, name: str) -> None:
        """Show one setting as it is now; what is typed at the others stays."""
        office = self._visit.console.settings
        entries = await self._visit.do(lambda: office.entries(self._by, self._area, self._language))
        for entry in entries or ():
            if entry.field.name == name:
                self._show(entry)

    def _languages(self) -> None:
        words = self._visit.console.words
        with element("nav", "buttons", "languages"):
            for code in words.languages:
                here = "primary" if code == self._language else "quiet"
                address = f"/settings?area={Area.TEXTS}&language={code}"
                link(words.text(code, "language.name"), address, f"button {here}", f"language-{code}")

    def _build(self, entries: Sequence[Entry], *, speaks: bool | None) -> None:
        if speaks is not None:
            self._switch = element("div", "stack")
            self._show_switch(speaks=speaks)
        self._places = {entry.field.name: element("div", "stack") for entry in entries}
        for entry in entries:
            self._show(entry)

    def _show(self, entry: Entry) -> None:
        def build() -> None:
            SettingCard(self._visit, entry, partial(self._again, entry.field.name))

        fill(self._places[entry.field.name], build)

    def _show_switch(self, *, speaks: bool) -> None:
        fill(self._switch, lambda: self._assistant(speaks=speaks))

    def _assistant(self, *, speaks: bool) -> None:
        visit = self._visit

        async def switch() -> None:
            office = visit.console.settings
            if await visit.do(lambda: office.switch_assistant(self._by, on=not speaks)) is not None:
                visit.tell("admin.ai_stopped" if speaks else "admin.ai_started")
            if (now := await visit.do(office.assistant)) is not None:
                self._show_switch(speaks=now)

        with card(visit.text("settings.assistant"), "assistant"):
            text(visit.text("admin.ai_on" if speaks else "admin.ai_off"), "strong", "p", "assistant-state")
            if visit.may(Permission.ADMINISTER):
                label = visit.text("admin.ai_stop" if speaks else "admin.ai_start")
                with element("div", "buttons"):
                    button(label, "switch-assistant", switch, "danger" if speaks else "primary")
