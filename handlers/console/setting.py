"""One setting on the page of settings: its value, where it comes from, its history, and the change of it."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from handlers.console.console import Visit
from handlers.console.parts import button, card, element, fill, moment, text
from services.running.checking import shown_bounds
from services.running.fields import Kind
from services.running.naming import SWITCH, name_of, shown
from services.running.sheet import Entry, Origin


class SettingCard:
    """The card of a setting; `again` shows it anew after a change."""

    def __init__(self, visit: Visit, entry: Entry, again: Callable[[], Awaitable[None]]) -> None:
        self._visit = visit
        self._entry = entry
        self._again = again
        with card(name_of(visit.text, entry.field), "setting") as _, element("div", "stack", entry.field.name):
            text(entry.field.name, "soft", "p")
            text(self._origin(), "hint", "p", "origin")
            if not entry.fits:
                text(visit.text("settings.unfit", value=entry.value), "problem", "p", "unfit")
            if entry.mine:
                self._form()
            else:
                text(shown(visit.text, entry.field, entry.in_force), "strong setting-value", "p", "value")
            if entry.version:
                self._past = element("div", "stack")
                with self._past:
                    button(visit.text("settings.history"), "history", self._history, "quiet small")

    def _origin(self) -> str:
        entry, visit = self._entry, self._visit
        if entry.origin == Origin.CHANGED and entry.changed_at:
            changed = visit.text("settings.changed_by", who=entry.changed_by, when=moment(entry.changed_at))
            default = shown(visit.text, entry.field, entry.default)
            return f"{changed} {visit.text('settings.default', value=default)}"
        return visit.text(f"settings.origin.{entry.origin}")

    def _form(self) -> None:
        entry, visit = self._entry, self._visit
        if entry.field.kind not in (Kind.CHOICE, Kind.SWITCH, Kind.TEXT):
            rules = visit.text(f"settings.error.{entry.field.kind}", **shown_bounds(entry.bounds), choices="")
            text(rules, "soft", "p", "format")
        typed = self._input()

        async def save() -> None:
            await self._change(str(typed.value if typed.value is not None else ""))

        async def reset() -> None:
            await self._change(None)

        with element("div", "buttons"):
            button(visit.text("settings.save"), "save", save, "primary")
            if entry.origin == Origin.CHANGED:
                button(visit.text("settings.reset"), "reset", reset, "quiet")

    def _input(self) -> ui.select | ui.textarea | ui.input:
        visit, entry = self._visit, self._entry
        label, value = visit.text("settings.value"), entry.in_force
        made: ui.select | ui.textarea | ui.input
        match entry.field.kind:
            case Kind.CHOICE | Kind.SWITCH:
                choices = entry.field.choices or SWITCH
                options = {choice: shown(visit.text, entry.field, choice) for choice in choices}
                made = ui.select(options, label=label, value=value).props("outlined dense")
            case Kind.TEXT:
                made = ui.textarea(label, value=value).props("outlined dense autogrow maxlength=4000").classes("wide")
            case _:
                made = ui.input(label, value=value).props("outlined dense maxlength=600")
        made.props["data-testid"] = "typed"
        return made

    async def _change(self, typed: str | None) -> None:
        visit, entry = self._visit, self._entry
        by, office = visit.visitor.telegram_id, visit.console.settings
        change = await visit.do(lambda: office.change(by, entry.field.name, typed, entry.version))
        if change is None:  # what was typed stays there to be mended, unless somebody else was faster
            await self._catch_up()
            return
        changed = change.before != change.after
        visit.tell("settings.saved" if changed else "settings.same")
        await self._again()

    async def _catch_up(self) -> None:
        entry, visit = self._entry, self._visit
        versions = await visit.do(lambda: visit.console.settings.history(visit.visitor.telegram_id, entry.field.name))
        if versions is None or (versions and versions[0].version != entry.version):
            await self._again()

    async def _history(self) -> None:
        visit, name = self._visit, self._entry.field.name
        versions = await visit.do(lambda: visit.console.settings.history(visit.visitor.telegram_id, name))
        if versions is None:
            return

        def build() -> None:
            for row in versions:
                text(f"{moment(row.created_at)} · {row.changed_by}", "soft", "p")
                said = visit.text("settings.to_default") if row.value is None else row.value
                text(shown(visit.text, self._entry.field, said), "setting-value", "p", "version")

        fill(self._past, build)
