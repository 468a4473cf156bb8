"""The command menu of one person, as the bot has set it."""

from nicegui import ui

from sandbox.page import words
from sandbox.page.parts import EMIT_NOTHING, icon_button, text
from sandbox.page.phone import Phone

Command = dict[str, str]


class Commands:
    """A button with the commands that the person sees; a command is sent when it is chosen."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone
        self._shown: list[Command] = []
        with icon_button("menu", words.MENU, "commands") as self._button:
            self._menu = ui.menu().props("auto-close")
        self._button.set_visibility(False)

    def show(self, commands: list[Command]) -> None:
        """Follow the bot's menu; without one there is no button."""
        if commands == self._shown:
            return
        self._shown = commands
        self._button.set_visibility(bool(commands))
        self._menu.clear()
        with self._menu:
            for command in commands:
                self._row(f"/{command['command']}", command["description"])

    def _row(self, command: str, description: str) -> None:
        with ui.menu_item(auto_close=False).classes("menu-row") as row:
            text(command, "command")
            text(description, "command-description")
        row.props["data-testid"] = "command"
        row.on("click", lambda: self._phone.do(lambda actor: actor.say(command)), js_handler=EMIT_NOTHING)
