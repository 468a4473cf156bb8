"""The lower end of a pane: text box, command menu, attachments and the bot's keyboard."""

import json
from typing import Any

from nicegui import ui
from nicegui.events import GenericEventArguments

from sandbox.page import words
from sandbox.page.attach import Attach
from sandbox.page.bubble import shortened
from sandbox.page.commands import Commands
from sandbox.page.parts import button, element, icon_button, text
from sandbox.page.phone import Phone
from sandbox.page.reply_keys import ReplyKeys
from sandbox.telegram.chat import Message

View = dict[str, Any]


class Composer:
    """Writes for one person; `scroller_id` is the element that shows the newest message after sending."""

    def __init__(self, phone: Phone, scroller_id: str) -> None:
        self._phone = phone
        self._scroller_id = scroller_id
        self._edits: int | None = None
        self._replies_to: int | None = None
        with element("div", "composer", "composer") as self._frame:
            self._build_banner()
            self._build_row()
            self._keys = ReplyKeys(phone, self._attach, self._toggle)
        with element("div", "blocked", "blocked") as self._blocked:
            text(words.BLOCKED)
            with button("link", words.UNBLOCK_BOT, "unblock", lambda: phone.describe(blocked=False)):
                text(words.UNBLOCK_BOT)

    def _build_banner(self) -> None:
        with element("div", "banner", "banner") as self._banner:
            with element("div", "banner-lines"):
                self._banner_title = text("", "banner-title")
                self._banner_text = text("", "banner-text")
            icon_button("close", words.CANCEL, "cancel", self._settle)
        self._banner.set_visibility(False)

    def _build_row(self) -> None:
        after = f"sandbox.toNewest('{self._scroller_id}'); emit(text);"
        with element("div", "composer-row"):
            self._commands = Commands(self._phone)
            self._attach = Attach(self._phone)
            self._box = element("textarea", "box", "input", rows="1", aria_label=words.WRITE, dir="auto")
            self._box.props["placeholder"] = words.WRITE
            entered = f"(event) => {{ const text = sandbox.entered(event); if (text !== null) {{ {after} }} }}"
            self._box.on("keydown", self._send, js_handler=entered)
            self._toggle = icon_button("keyboard", words.SHOW_KEYBOARD, "toggle-keyboard", self._fold)
            taken = f"sandbox.take(document.getElementById('{self._box.html_id}'))"
            pressed = f"() => {{ const text = {taken}; if (text !== null) {{ {after} }} }}"
            icon_button("send", words.SEND, "send", self._send, pressed).classes("send")

    def _fold(self) -> None:
        self._keys.fold()

    def show(self, view: View, keyboard: Message | None) -> None:
        """Follow the chat: commands, keyboard, and whether the person has blocked the bot."""
        blocked = self._phone.person.blocked
        self._frame.set_visibility(not blocked)
        self._blocked.set_visibility(blocked)
        self._commands.show(view["commands"])
        self._keys.show(keyboard)
        markup = (keyboard.markup if keyboard else None) or {}
        self._box.props["placeholder"] = markup.get("input_field_placeholder") or words.WRITE

    def edit(self, message_id: int, current: str) -> None:
        """Take an own message back into the box."""
        self._settle()
        self._edits = message_id
        self._announce(words.EDITING, current)
        ui.run_javascript(f"sandbox.fill('{self._box.html_id}', {json.dumps(current)})")

    def reply(self, message_id: int, quoted: str) -> None:
        """Let the next message be a reply."""
        self._settle()
        self._replies_to = message_id
        self._announce(words.REPLYING, quoted)
        ui.run_javascript(f"document.getElementById('{self._box.html_id}').focus()")

    def _announce(self, title: str, quoted: str) -> None:
        self._banner_title.text = title
        self._banner_text.text = shortened(quoted)
        self._banner.set_visibility(True)

    def _settle(self) -> None:
        if self._edits is not None:
            ui.run_javascript(f"sandbox.fill('{self._box.html_id}', '')")
        self._edits = self._replies_to = None
        self._banner.set_visibility(False)

    def _send(self, event: GenericEventArguments) -> None:
        written = str(event.args)
        edits, replies_to = self._edits, self._replies_to
        if edits is not None:
            done = self._phone.do(lambda actor: actor.edit(edits, written))
        else:
            done = self._phone.do(lambda actor: actor.say(written, replies_to))
        if done is None:
            ui.run_javascript(f"sandbox.fill('{self._box.html_id}', {json.dumps(written)})")
            return
        self._edits = None
        self._settle()
