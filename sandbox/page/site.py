"""The page's place in the sandbox's application."""

from pathlib import Path

from fastapi import FastAPI
from nicegui import Client, ui

from sandbox.page import words
from sandbox.page.people import parse_ids
from sandbox.page.screen import Screen
from sandbox.telegram.world import World

_HERE = Path(__file__).parent
_FAVICON = "💬"


def mount(app: FastAPI, world: World) -> None:
    """Serve the page of a world at `/`; NiceGUI allows for one such application in a process."""
    style = (_HERE / "style.css").read_text(encoding="utf-8")
    script = (_HERE / "script.js").read_text(encoding="utf-8")

    @ui.page("/", title=words.TITLE, favicon=_FAVICON, dark=None, language="en-US")
    def page(client: Client, people: str = "") -> None:
        ui.add_head_html(f"<script>{script}</script><style>{style}</style>")
        Screen(world, client, parse_ids(people))

    ui.run_with(
        app,
        title=words.TITLE,
        dark=None,
        binding_refresh_interval=None,
        tailwind=False,
        gzip_middleware_factory=None,
        show_welcome_message=False,
    )
