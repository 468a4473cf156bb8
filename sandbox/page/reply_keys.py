"""The keyboard that a bot puts in place of the person's own."""

from typing import Any

from nicegui import ui
from nicegui.element import Element
from nicegui.events import GenericEventArguments

from sandbox.page import words
from sandbox.page.attach import Attach
from sandbox.page.keys import reply_keyboard
from sandbox.page.parts import EMIT_PRESSED
from sandbox.page.phone import Phone
from sandbox.telegram.chat import Message


class ReplyKeys:
    """Shows the keyboard of a chat; `toggle` is the button that folds it, there while a keyboard is."""

    def __init__(self, phone: Phone, attach: Attach, toggle: Element) -> None:
        self._phone = phone
        self._attach = attach
        self._toggle = toggle
        self._keyboard: Message | None = None
        self._panel = ui.html("", sanitize=False).classes("reply-keyboard")
        self._panel.props["data-testid"] = "reply-keyboard"
        self._panel.on("click", self._pressed, js_handler=EMIT_PRESSED)
        self._unfold(shown=False)

    @property
    def markup(self) -> dict[str, Any]:
        """The Bot API's ReplyKeyboardMarkup, empty when there is none."""
        return (self._keyboard.markup if self._keyboard else None) or {}

    def show(self, keyboard: Message | None) -> None:
        """Follow the chat: a new keyboard unfolds, none takes the old one away."""
        if keyboard is self._keyboard:
            return
        self._keyboard = keyboard
        self._panel.content = reply_keyboard(self.markup) if self.markup else ""
        self._unfold(shown=bool(self.markup))

    def fold(self) -> None:
        """Fold or unfold the keyboard."""
        self._panel.set_visibility(not self._panel.visible)

    def _unfold(self, *, shown: bool) -> None:
        self._panel.set_visibility(shown)
        self._toggle.set_visibility(shown)

    def _pressed(self, event: GenericEventArguments) -> None:
        key = self.markup["keyboard"][int(event.args["row"])][int(event.args["column"])]
        self._send(key)
        if self.markup.get("one_time_keyboard"):
            self._panel.set_visibility(False)

    def _send(self, key: dict[str, Any]) -> None:
        if key.get("request_contact"):
            self._phone.do(lambda actor: actor.share_contact())
        elif key.get("request_location"):
            self._attach.send_location()
        elif key.get("request_poll"):
            self._attach.send_poll()
        elif key.get("web_app"):
            self._phone.complain(words.ONLY_IN_TELEGRAM)
        else:
            self._phone.do(lambda actor: actor.say(key["text"]))
