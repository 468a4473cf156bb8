"""The console's place in the HTTP front: sign-in, pages, and the guard around both."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import FastAPI
from nicegui import ui
from starlette.requests import Request
from starlette.responses import RedirectResponse

from handlers.console.audit import audit_page
from handlers.console.console import PATH, Console, Visit
from handlers.console.documents import documents_page
from handlers.console.entry import entry_router
from handlers.console.guard import Guard
from handlers.console.upload import upload_page
from handlers.console.version import version_page

_FAVICON = "🏦"
Build = Callable[[Visit], Awaitable[None]]


def mount(app: FastAPI, console: Console) -> None:
    """Serve the console under PATH; NiceGUI allows for one such application in a process."""
    app.add_middleware(Guard)
    app.include_router(entry_router(console))

    async def shown(request: Request, build: Build) -> RedirectResponse | None:
        if (visit := await console.visit(request)) is None:
            return RedirectResponse(f"{PATH}/sign-in")
        await build(visit)
        return None

    @ui.page("/", favicon=_FAVICON)
    async def documents(request: Request) -> RedirectResponse | None:
        return await shown(request, documents_page)

    @ui.page("/upload", favicon=_FAVICON)
    async def upload(request: Request) -> RedirectResponse | None:
        return await shown(request, upload_page)

    @ui.page("/version/{version_id}", favicon=_FAVICON)
    async def version(request: Request, version_id: UUID) -> RedirectResponse | None:
        return await shown(request, lambda visit: version_page(visit, version_id))

    @ui.page("/audit", favicon=_FAVICON)
    async def audit(request: Request) -> RedirectResponse | None:
        return await shown(request, lambda visit: audit_page(visit, request.query_params))

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
