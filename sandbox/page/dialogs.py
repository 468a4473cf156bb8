"""Questions that the page asks: a form of a few fields, or yes and no."""

from collections.abc import Sequence
from dataclasses import dataclass

from nicegui import ui

from sandbox.page import words
from sandbox.page.parts import EMIT_NOTHING, button, element, text


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a form."""

    name: str
    label: str
    value: str = ""


async def ask(title: str, fields: Sequence[Field], confirm: str) -> dict[str, str] | None:
    """Ask for a few fields; None when the dialog was dismissed."""
    with ui.dialog() as dialog, ui.card().classes("dialog").props("data-testid=dialog"):
        ui.label(title).classes("dialog-title")
        inputs = {field.name: _input(field) for field in fields}
        for line in inputs.values():
            line.on("keydown.enter", lambda: dialog.submit(confirm), js_handler=EMIT_NOTHING)
        with element("div", "dialog-buttons"):
            with button("quiet", words.CANCEL, "dismiss-dialog", lambda: dialog.submit(None)):
                text(words.CANCEL)
            with button("primary", confirm, "confirm", lambda: dialog.submit(confirm)):
                text(confirm)
    agreed = await dialog
    given = {name: str(line.value or "").strip() for name, line in inputs.items()}
    if not dialog.is_deleted:
        dialog.delete()
    return given if agreed else None


def _input(field: Field) -> ui.input:
    line = ui.input(field.label, value=field.value)
    return line.props(f"outlined dense data-testid=field-{field.name}").classes("dialog-field")
