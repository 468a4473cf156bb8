"""Short notes over a chat: answers to buttons, and why something was refused."""

from typing import Any

from nicegui.element import Element

from sandbox.page import words
from sandbox.page.parts import button, element, text


class Toasts:
    """One note at a time; a plain one fades by itself (the style sheet does that), an alert wants a press."""

    def __init__(self) -> None:
        self._notes = element("div", "toasts", role="status")
        self._alerts = element("div", "alerts")

    def say(self, note: str) -> None:
        """Show a plain note."""
        self._notes.clear()
        with self._notes:
            text(note, "toast", "div", "toast")

    def answer(self, toast: dict[str, Any]) -> None:
        """Show what a bot answered to a button; often nothing."""
        if not toast["text"]:
            return
        if toast["show_alert"]:
            self._alert(toast["text"])
        else:
            self.say(toast["text"])

    def _alert(self, note: str) -> None:
        self._alerts.clear()
        with self._alerts, element("div", "alert", "alert", role="alertdialog", aria_label=note):
            text(note, "alert-text", "p")
            self._dismiss_button()

    def _dismiss_button(self) -> Element:
        with button("primary", words.DISMISS, "dismiss", self._alerts.clear) as dismiss:
            text(words.CONFIRM)
        return dismiss
