"""Starts the sandbox: `python -m sandbox --help` tells its settings."""

import asyncio
import contextlib
import importlib
import os
import sys

import uvicorn

from sandbox.running import build_server
from sandbox.settings import Settings, parse_settings


def build_model_server(settings: Settings, port: int) -> uvicorn.Server:
    """Return the server of the language model that stands beside."""
    app = importlib.import_module("sandbox.model.app").create_app()
    config = uvicorn.Config(app, host=settings.host, port=port, access_log=False, log_level="warning")
    return uvicorn.Server(config)


async def serve(settings: Settings) -> None:
    """Run the servers until a signal ends them."""
    servers = [build_server(settings)]
    if settings.model_port is not None:
        servers.append(build_model_server(settings, settings.model_port))
    await asyncio.gather(*(server.serve() for server in servers))


if __name__ == "__main__":
    # uvicorn raises Ctrl-C again once its servers have ended in good order
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(parse_settings(sys.argv[1:], os.environ)))
