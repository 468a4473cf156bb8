"""The quick menu of faults: a few plans for `PUT /control/faults`, one press each."""

from nicegui import ui

from sandbox.faults import FaultPlan, FaultRule, Faults
from sandbox.page import words
from sandbox.page.parts import EMIT_NOTHING, button, show_icon, text
from sandbox.telegram.world import World

_THIRD = 1 / 3

PRESETS: dict[str, list[FaultRule]] = {
    words.NO_FAULTS: [],
    words.LOST_ANSWERS: [FaultRule(kind="drop_after", probability=_THIRD)],
    words.LOST_CALLS: [FaultRule(kind="drop_before", probability=_THIRD)],
    words.TOO_MANY: [FaultRule(method="sendMessage", kind="retry_after", retry_after=3, probability=0.5)],
    words.BAD_GATEWAY: [FaultRule(method="sendMessage", kind="status", status=502, probability=0.5)],
    words.SLOW: [FaultRule(kind="delay", seconds=2)],
}


def preset_of(world: World) -> str:
    """Return the name of the plan that is in force."""
    rules = world.faults.plan.rules
    return next((name for name, preset in PRESETS.items() if preset == rules), words.FAULTS_CUSTOM)


class FaultsMenu:
    """A button that names the plan in force, and its menu."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._shown = ""
        with button("bar-button", words.FAULTS, "faults", self.show) as self._button:
            show_icon("bolt")
            self._label = text("", "bar-label")
            with ui.menu().props("auto-close"):
                for name in PRESETS:
                    self._row(name)
        self.show()

    def _row(self, name: str) -> None:
        with ui.menu_item(auto_close=False).classes("menu-row") as row, ui.column().classes("menu-lines"):
            text(name, "menu-title")
            text(words.FAULT_HINTS[name], "menu-hint")
        row.props["data-testid"] = "fault"
        row.on("click", lambda: self._choose(name), js_handler=EMIT_NOTHING)

    def _choose(self, name: str) -> None:
        self._world.faults = Faults(FaultPlan(rules=PRESETS[name]))
        self.show()

    def show(self) -> None:
        """Follow the plan in force."""
        name = preset_of(self._world)
        if name == self._shown:
            return
        self._shown = name
        self._label.text = words.FAULTS if name == words.NO_FAULTS else f"{words.FAULTS}: {name}"
        self._button.props["data-on"] = str(name != words.NO_FAULTS).lower()
