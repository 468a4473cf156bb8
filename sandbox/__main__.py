"""Starts the sandbox: `python -m sandbox --help` tells its settings."""

import asyncio
import contextlib
import os
import sys

import uvicorn

from sandbox.running import build_server
from sandbox.settings import Settings, parse_settings

_PACE = 0.05  # seconds between the model's words: about as fast as real ones write, so that answers are seen to grow


def build_model_server(host: str, port: int) -> uvicorn.Server:
    """Return the server of the language model that stands beside."""
    from sandbox.model.running import build_server as build  # noqa: PLC0415 - loaded only where it is asked for
    from sandbox.model.settings import ModelSettings  # noqa: PLC0415 - the same

    return build(ModelSettings(host=host, port=port, pace=_PACE))


async def serve(settings: Settings) -> None:
    """Run the servers until a signal ends them."""
    servers = [build_server(settings)]
    if settings.model_port is not None:
        servers.append(build_model_server(settings.host, settings.model_port))
    await asyncio.gather(*(server.serve() for server in servers))


if __name__ == "__main__":
    # uvicorn raises Ctrl-C again once its servers have ended in good order
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(parse_settings(sys.argv[1:], os.environ)))
