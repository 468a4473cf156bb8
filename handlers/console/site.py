"""The console's place in the HTTP front: sign-in, pages, and the guard around both."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from nicegui import app as pages
from nicegui import ui
from starlette.requests import Request
from starlette.responses import RedirectResponse

from handlers.console.answer import answer_page
from handlers.console.answers import answers_page
from handlers.console.audit import audit_page
from handlers.console.broadcast_page import broadcast_page
from handlers.console.broadcasts import broadcasts_page
from handlers.console.console import PATH, Console, Visit
from handlers.console.desk_page import desk_page
from handlers.console.documents import documents_page
from handlers.console.entry import entry_router, lost
from handlers.console.floor_page import floor_page
from handlers.console.followers import Followers
from handlers.console.golden import golden_page
from handlers.console.guard import Guard
from handlers.console.live import live_router
from handlers.console.people import people_page
from handlers.console.settings import settings_page
from handlers.console.staff import staff_page
from handlers.console.system import system_page
from handlers.console.upload import upload_page
from handlers.console.version import version_page
from services.access import READS_KNOWLEDGE, Permission
from services.administration.counter import Counter
from services.desk.door import Door
from services.uploads import Uploads

_FAVICON = "🏦"
_PATIENCE = 60.0  # seconds that a page may take to be there: a large bank's people are counted, a database is busy
_LOST = 30.0  # seconds that a page which lost its connection is waited for: what was pressed meanwhile arrives then
Build = Callable[[Visit], Awaitable[RedirectResponse | None]]
Place = Callable[[Visit, Request], Awaitable[RedirectResponse | None]]
Shown = Callable[[Request, Build], Awaitable[RedirectResponse | None]]


def mount(app: FastAPI, console: Console, door: Door, uploads: Uploads) -> None:
    """Serve the console under PATH; NiceGUI allows for one such application in a process."""
    app.add_middleware(Guard)
    app.include_router(entry_router(console))
    app.include_router(live_router())
    shown = _showing(console)
    for path, place in _places(door).items():
        _serve(path, place, shown)
    _serve_one_of_many(door, uploads, shown)
    for nowhere in (404, RequestValidationError):  # no such page, or a number in its address that is none
        pages.add_exception_handler(nowhere, lost(console))
    ui.run_with(
        app,
        mount_path=PATH,
        title="",
        dark=None,
        binding_refresh_interval=None,
        reconnect_timeout=_LOST,
        tailwind=False,
        gzip_middleware_factory=None,
        show_welcome_message=False,
    )


def _showing(console: Console) -> Shown:
    async def shown(request: Request, build: Build) -> RedirectResponse | None:
        if (visit := await console.visit(request)) is None:
            return RedirectResponse(f"{PATH}/sign-in")
        visit.page = ui.context.client
        return await build(visit)

    return shown


def _places(door: Door) -> dict[str, Place]:
    """Return the pages of which there is one each, by their paths."""
    followers, counter = Followers(door), Counter(door.database, door.tools)
    return {
        "/": lambda visit, _: _home(visit),
        "/upload": lambda visit, _: upload_page(visit),
        "/golden": lambda visit, _: golden_page(visit),
        "/answers": lambda visit, request: answers_page(visit, request.query_params),
        "/desk": lambda visit, request: desk_page(visit, followers, request.query_params.get("chat", "")),
        "/floor": lambda visit, _: floor_page(visit, followers),
        "/broadcasts": lambda visit, _: broadcasts_page(visit, door),
        "/people": lambda visit, _: people_page(visit, counter),
        "/staff": lambda visit, _: staff_page(visit, counter),
        "/settings": lambda visit, request: settings_page(visit, request.query_params),
        "/system": lambda visit, _: system_page(visit),
        "/audit": lambda visit, request: audit_page(visit, request.query_params),
    }


def _serve(path: str, place: Place, shown: Shown) -> None:
    @ui.page(path, favicon=_FAVICON, response_timeout=_PATIENCE)
    async def served(request: Request) -> RedirectResponse | None:
        return await shown(request, lambda visit: place(visit, request))


def _serve_one_of_many(door: Door, uploads: Uploads, shown: Shown) -> None:
    """Serve the pages of an answer, a version or a broadcast."""

    @ui.page("/answer/{answer_id}", favicon=_FAVICON, response_timeout=_PATIENCE)
    async def answer(request: Request, answer_id: int) -> RedirectResponse | None:
        return await shown(request, lambda visit: answer_page(visit, answer_id))

    @ui.page("/version/{version_id}", favicon=_FAVICON, response_timeout=_PATIENCE)
    async def version(request: Request, version_id: UUID) -> RedirectResponse | None:
        return await shown(request, lambda visit: version_page(visit, version_id))

    @ui.page("/broadcasts/{broadcast_id}", favicon=_FAVICON, response_timeout=_PATIENCE)
    async def broadcast(request: Request, broadcast_id: UUID) -> RedirectResponse | None:
        return await shown(request, lambda visit: broadcast_page(visit, door, uploads, broadcast_id))


async def _home(visit: Visit) -> RedirectResponse | None:
    """Build the page of the knowledge; who has customers to serve and nothing to look at there is led to the desk."""
    if visit.may(Permission.TAKE_CHATS) and not any(map(visit.may, READS_KNOWLEDGE)):
        return RedirectResponse(f"{PATH}/desk")
    await documents_page(visit)
    return None
