"""The console's place in the HTTP front: sign-in, pages, and the guard around both."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import FastAPI
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
from handlers.console.entry import entry_router
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
from services.access import Permission
from services.administration.counter import Counter
from services.desk.door import Door

_FAVICON = "🏦"
_LOST = 30.0  # seconds that a page which lost its connection is waited for: what was pressed meanwhile arrives then
Build = Callable[[Visit], Awaitable[None]]
_PLACES: dict[str, Build] = {
    "/": documents_page,
    "/upload": upload_page,
    "/golden": golden_page,
    "/system": system_page,
}
Shown = Callable[[Request, Build], Awaitable[RedirectResponse | None]]


def mount(app: FastAPI, console: Console, door: Door) -> None:
    """Serve the console under PATH; NiceGUI allows for one such application in a process."""
    app.add_middleware(Guard)
    app.include_router(entry_router(console))
    app.include_router(live_router())
    _desk_pages(console, Followers(door))
    _office_pages(console, Counter(door.database, door.tools))
    _broadcast_pages(console, door)
    _serve_pages(console)
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
        if build is documents_page and _serves_only(visit):
            return RedirectResponse(f"{PATH}/desk")
        visit.page = ui.context.client
        await build(visit)
        return None

    return shown


def _serve_pages(console: Console) -> None:
    shown = _showing(console)

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

    @ui.page("/settings", favicon=_FAVICON)
    async def settings(request: Request) -> RedirectResponse | None:
        return await shown(request, lambda visit: settings_page(visit, request.query_params))

    @ui.page("/audit", favicon=_FAVICON)
    async def audit(request: Request) -> RedirectResponse | None:
        return await shown(request, lambda visit: audit_page(visit, request.query_params))

    @ui.page("/version/{version_id}", favicon=_FAVICON)
    async def version(request: Request, version_id: UUID) -> RedirectResponse | None:
        return await shown(request, lambda visit: version_page(visit, version_id))


def _desk_pages(console: Console, followers: Followers) -> None:
    shown = _showing(console)

    @ui.page("/desk", favicon=_FAVICON)
    async def desk(request: Request, chat: str = "") -> RedirectResponse | None:
        return await shown(request, lambda visit: desk_page(visit, followers, chat))

    @ui.page("/floor", favicon=_FAVICON)
    async def floor(request: Request) -> RedirectResponse | None:
        return await shown(request, lambda visit: floor_page(visit, followers))


def _office_pages(console: Console, counter: Counter) -> None:
    shown = _showing(console)

    @ui.page("/people", favicon=_FAVICON)
    async def people(request: Request) -> RedirectResponse | None:
        return await shown(request, lambda visit: people_page(visit, counter))

    @ui.page("/staff", favicon=_FAVICON)
    async def staff(request: Request) -> RedirectResponse | None:
        return await shown(request, lambda visit: staff_page(visit, counter))


def _broadcast_pages(console: Console, door: Door) -> None:
    shown = _showing(console)

    @ui.page("/broadcasts", favicon=_FAVICON)
    async def broadcasts(request: Request) -> RedirectResponse | None:
        return await shown(request, lambda visit: broadcasts_page(visit, door))

    @ui.page("/broadcasts/{broadcast_id}", favicon=_FAVICON)
    async def broadcast(request: Request, broadcast_id: UUID) -> RedirectResponse | None:
        return await shown(request, lambda visit: broadcast_page(visit, door, broadcast_id))


def _serves_only(visit: Visit) -> bool:
    """Return whether somebody has customers to serve here, and no knowledge to look at."""
    knowledge = (Permission.EDIT_KNOWLEDGE, Permission.APPROVE_KNOWLEDGE, Permission.READ_ANSWERS)
    return visit.may(Permission.TAKE_CHATS) and not any(map(visit.may, knowledge))
