"""The console's place in the HTTP front: sign-in, pages, and the guard around both."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import FastAPI
from nicegui import ui
from starlette.requests import Request
from starlette.responses import RedirectResponse

from handlers.console.answer import answer_page
from handlers.console.answers import answers_page
from handlers.console.console import PATH, Console, Visit
from handlers.console.documents import documents_page
from handlers.console.entry import entry_router
from handlers.console.golden import golden_page
from handlers.console.guard import Guard
from handlers.console.upload import upload_page
from handlers.console.version import version_page

_FAVICON = "🏦"
Build = Callable[[Visit], Awaitable[None]]
_PLACES: dict[str, Build] = {"/": documents_page, "/upload": upload_page, "/golden": golden_page}


def mount(app: FastAPI, console: Console) -> None:
    """Serve the console under PATH; NiceGUI allows for one such application in a process."""
    app.add_middleware(Guard)
    app.include_router(entry_router(console))
    _serve_pages(console)
    ui.run_with(
        app,
        mount_path=PATH,
        title="",
        dark=None,
        binding_refresh_interval=None,
        tailwind=False,
        gzip_middleware_factory=None,
        show_welcome_message=False,
    )


def _serve_pages(console: Console) -> None:
    async def shown(request: Request, build: Build) -> RedirectResponse | None:
        if (visit := await console.visit(request)) is None:
            return RedirectResponse(f"{PATH}/sign-in")
        await build(visit)
        return None

    def serve(path: str, build: Build) -> None:
        @ui.page(path, favicon=_FAVICON)
        async def place(request: Request) -> RedirectResponse | None:
            return await shown(request, build)

    for path, build in _PLACES.items():
        serve(path, build)

    @ui.page("/answers", favicon=_FAVICON)
    async def answers(request: Request) -> RedirectResponse | None:
        return await shown(request, lambda visit: answers_page(visit, request.query_params))

    @ui.page("/answer/{answer_id}", favicon=_FAVICON)
    async def answer(request: Request, answer_id: int) -> RedirectResponse | None:
        return await shown(request, lambda visit: answer_page(visit, answer_id))

    @ui.page("/version/{version_id}", favicon=_FAVICON)
    async def version(request: Request, version_id: UUID) -> RedirectResponse | None:
        return await shown(request, lambda visit: version_page(visit, version_id))
