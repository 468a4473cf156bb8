"""Small parts of the page: native elements with a label, an icon or a test id."""

import html

from nicegui import ui
from nicegui.element import Element
from nicegui.events import GenericEventArguments, Handler

EMIT_NOTHING = "() => emit()"
EMIT_PRESSED = "(event) => { const data = sandbox.pressed(event); if (data) emit(data); }"
"""Tells the server the data attributes of the button that was pressed inside of an element."""


def element(tag: str, classes: str = "", testid: str | None = None, **attributes: str) -> Element:
    """Make a native element; `aria_label` becomes `aria-label`."""
    made = ui.element(tag).classes(classes)
    for name, value in attributes.items():
        made.props[name.replace("_", "-")] = value
    if testid is not None:
        made.props["data-testid"] = testid
    return made


def text(value: str, classes: str = "", tag: str = "span", testid: str | None = None) -> ui.label:
    """Make a piece of text."""
    label = ui.label(value).classes(classes)
    label.tag = tag
    if testid is not None:
        label.props["data-testid"] = testid
    return label


def icon(name: str) -> str:
    """Return an icon as HTML; it says nothing to a screen reader."""
    return f'<i class="icon" aria-hidden="true">{html.escape(name)}</i>'


def show_icon(name: str) -> Element:
    """Make an icon."""
    made = text(name, "icon", "i")
    made.props["aria-hidden"] = "true"
    return made


def button(
    classes: str,
    label: str,
    testid: str,
    on_click: Handler[GenericEventArguments] | None = None,
    js_handler: str = EMIT_NOTHING,
) -> Element:
    """Make a button that is named for a screen reader and on hovering."""
    made = element("button", classes, testid, type="button", title=label, aria_label=label)
    return made.on("click", on_click, js_handler=js_handler)


def icon_button(
    name: str,
    label: str,
    testid: str,
    on_click: Handler[GenericEventArguments] | None = None,
    js_handler: str = EMIT_NOTHING,
) -> Element:
    """Make a round button with an icon."""
    made = button("icon-button", label, testid, on_click, js_handler)
    with made:
        show_icon(name)
    return made
