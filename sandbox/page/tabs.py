"""The tabs of a narrow screen: one for each person, with the number of unread messages."""

from collections.abc import Callable
from dataclasses import dataclass

from nicegui import ui
from nicegui.element import Element

from sandbox.page import words
from sandbox.page.parts import EMIT_NOTHING, element, text
from sandbox.page.people import hue, initials
from sandbox.telegram.people import Person


@dataclass(slots=True)
class _Tab:
    button: Element
    initials: ui.label
    name: ui.label
    badge: ui.label
    unread: int = 0


class Tabs:
    """Chooses the person in front; the style sheet shows the tabs on narrow screens only."""

    def __init__(self, on_select: Callable[[int], None]) -> None:
        self._on_select = on_select
        self._tabs: dict[int, _Tab] = {}
        self._selected = 0
        self._frame = element("div", "tabs", "tabs", role="tablist", aria_label=words.PEOPLE)

    def add(self, person: Person) -> None:
        """Add a person's tab."""
        number = person.id
        with self._frame, element("button", "tab", f"tab-{number}", type="button", role="tab") as button:
            with element("span", "avatar small", aria_hidden="true").style(f"--hue: {hue(number)}"):
                letters = text("")
            name = text("", "tab-name")
            badge = text("", "badge", testid="unread")
        button.on("click", lambda: self._on_select(number), js_handler=EMIT_NOTHING)
        self._tabs[number] = _Tab(button, letters, name, badge)
        self.show(person)
        self.clear(number)

    def remove(self, person_id: int) -> None:
        """Take a person's tab away."""
        self._tabs.pop(person_id).button.delete()

    def show(self, person: Person) -> None:
        """Follow a person's name."""
        tab = self._tabs[person.id]
        tab.initials.text = initials(person)
        tab.name.text = person.first_name

    def select(self, person_id: int) -> None:
        """Mark the person in front, whose messages count as read."""
        self._selected = person_id
        for number, tab in self._tabs.items():
            tab.button.props["aria-selected"] = "true" if number == person_id else "false"
        self.clear(person_id)

    def arrived(self, person_id: int, count: int) -> None:
        """Count messages that arrived for a person who is not in front."""
        if person_id == self._selected or not count:
            return
        tab = self._tabs[person_id]
        tab.unread += count
        tab.badge.text = str(tab.unread)
        tab.badge.set_visibility(True)

    def clear(self, person_id: int) -> None:
        """Count a person's messages as read."""
        tab = self._tabs[person_id]
        tab.unread = 0
        tab.badge.set_visibility(False)
