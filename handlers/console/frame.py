"""What surrounds every page of the console: who is here, where to go, the way out."""

from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import ui
from nicegui.element import Element

from handlers.console.console import PATH, Visit
from handlers.console.parts import element, link, text
from services.access import Permission


@contextmanager
def frame(visit: Visit) -> Iterator[Element]:
    """Build the frame of a page; what follows is its content."""
    ui.page_title(visit.text("console.title"))
    ui.add_head_html(f'<link rel="stylesheet" href="{PATH}/style.css">')
    with element("header", "bar"):
        link(visit.text("console.title"), "/", "brand", "home")
        with element("div", "bar-end"):
            if visit.may(Permission.READ_AUDIT):
                link(visit.text("audit.title"), "/audit", "", "to-audit")
            text(str(visit.visitor.telegram_id), "account", testid="account")
            with (
                element("form", action=f"{PATH}/sign-out", method="post"),
                element("button", "quiet", "sign-out", type="submit"),
            ):
                text(visit.text("console.sign_out"))
    with element("main", "page") as content:
        yield content
