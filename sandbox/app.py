"""The sandbox as one ASGI application: Bot API, files, control API, and the page where there is one."""

import importlib
import importlib.util
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.control.routes import include_control
from sandbox.settings import Settings
from sandbox.telegram.api import BotApi, check_token
from sandbox.telegram.errors import ApiError, NotFoundError
from sandbox.telegram.server import BotServer
from sandbox.telegram.store import Store
from sandbox.telegram.webhook import Webhook
from sandbox.telegram.world import World


def create_app(settings: Settings) -> FastAPI:
    """Build the application; `app.state.world` is its world."""
    world = World(settings)
    server = BotServer(world, Webhook(world))
    store = Store(settings.data, server) if settings.data is not None else None

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if store is not None:
            store.open()
        yield
        await server.webhook.close()
        if store is not None:
            await store.close()

    app = FastAPI(title="Sandbox", lifespan=lifespan, docs_url="/control/docs", redoc_url=None)
    app.state.server = server
    app.router.routes.append(Route("/bot{token}/{method}", BotApi(server), methods=["GET", "POST"]))
    app.router.routes.append(Route("/file/bot{token}/{path:path}", _download))
    include_control(app, world)
    if settings.page and importlib.util.find_spec("sandbox.page") is not None:
        importlib.import_module("sandbox.page").mount(app, world)
    return app


async def _download(request: Request) -> Response:
    server: BotServer = request.app.state.server
    try:
        check_token(server, request.path_params["token"])
        file = server.world.files.at_path(request.path_params["path"])
        if file is None:
            raise NotFoundError
    except ApiError as error:
        return JSONResponse(error.payload(), error.code)
    return Response(file.content, media_type="application/octet-stream")
