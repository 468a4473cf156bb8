"""The head of a pane: who the person is, and what may be done with them."""

from collections.abc import Callable

from nicegui import ui

from sandbox.page import words
from sandbox.page.dialogs import Field, ask
from sandbox.page.parts import EMIT_NOTHING, element, icon_button, text
from sandbox.page.people import full_name, hue, initials, role
from sandbox.page.phone import Phone


class Profile:
    """Shows a person; `on_close` takes the pane off the page."""

    def __init__(self, phone: Phone, on_close: Callable[[], None]) -> None:
        self._phone = phone
        with element("header", "profile", "profile"):
            with element("div", "avatar", aria_hidden="true") as avatar:
                self._initials = text("")
            avatar.style(f"--hue: {hue(phone.person_id)}")
            with element("div", "profile-lines"):
                with element("div", "profile-first"):
                    self._name = text("", "name", "h2", "name")
                    text(role(phone.person_id), "role")
                self._details = text("", "details", "span", "details")
            with icon_button("more_vert", words.PERSON_MENU, "person-menu"), ui.menu().props("auto-close"):
                ui.menu_item(words.EDIT_PERSON, auto_close=False).on(
                    "click", self._edit, js_handler=EMIT_NOTHING
                ).props("data-testid=edit-person")
                self._block = ui.menu_item(auto_close=False).props("data-testid=block")
                self._block.on("click", self._toggle_block, js_handler=EMIT_NOTHING)
                with self._block:
                    self._block_label = ui.label()
                ui.menu_item(words.CLOSE_PANE, on_click=on_close, auto_close=False)
        self.show()

    def show(self) -> None:
        """Follow what is known of the person."""
        person = self._phone.person
        self._initials.text = initials(person)
        self._name.text = full_name(person)
        username = f" · @{person.username}" if person.username else ""
        self._details.text = f"id {person.id} · {person.language_code} · {person.phone_number}{username}"
        self._block_label.text = words.UNBLOCK_BOT if person.blocked else words.BLOCK_BOT

    def _toggle_block(self) -> None:
        self._phone.describe(blocked=not self._phone.person.blocked)

    async def _edit(self) -> None:
        person = self._phone.person
        fields = (
            Field("first_name", words.FIRST_NAME, person.first_name),
            Field("last_name", words.LAST_NAME, person.last_name or ""),
            Field("username", words.USERNAME, person.username or ""),
            Field("language_code", words.LANGUAGE_CODE, person.language_code),
            Field("phone_number", words.PHONE_NUMBER, person.phone_number),
        )
        given = await ask(words.EDIT_PERSON, fields, words.SAVE)
        if given is not None:
            self._phone.describe(**given)
