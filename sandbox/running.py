"""A sandbox in a thread of this process, on a free port: for tests and benchmarks."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import uvicorn

from sandbox.app import create_app
from sandbox.cut import CuttableProtocol
from sandbox.settings import Settings
from sandbox.telegram.world import World

_LONGEST_STOP = 10.0
_PAUSE = 0.005


class SandboxServer(uvicorn.Server):
    """Ends those who wait, then stops as uvicorn does: a long poll would hold the end for a minute."""

    def __init__(self, config: uvicorn.Config, world: World) -> None:
        super().__init__(config)
        self._world = world

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop serving."""
        self._world.close()
        await super().shutdown(sockets)


def build_server(settings: Settings) -> uvicorn.Server:
    """Return the server of the Bot API, control API and page."""
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=CuttableProtocol,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=2,
        timeout_keep_alive=75,  # as long as Telegram keeps idle connections, so that clients close them first
    )
    return SandboxServer(config, app.state.world)


@dataclass(frozen=True, slots=True)
class Running:
    """A sandbox that runs; `address` is `http://host:port`, `stop` ends it before its block does."""

    address: str
    settings: Settings
    stop: Callable[[], None]


@contextmanager
def running_sandbox(settings: Settings) -> Iterator[Running]:
    """Run a sandbox while the block lasts; it takes calls from the first line on.

    Raises RuntimeError when it does not start, or does not stop in time.
    """
    with socket.create_server((settings.host, settings.port)) as listener:
        port = listener.getsockname()[1]
        settings = replace(settings, port=port)
        server = build_server(settings)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="sandbox")
        thread.start()
        while not server.started:
            thread.join(_PAUSE)
            if not thread.is_alive():
                raise RuntimeError("the sandbox did not start; its log tells why")

        def stop() -> None:
            server.should_exit = True
            thread.join(_LONGEST_STOP)

        try:
            yield Running(f"http://{settings.host}:{port}", settings, stop)
        finally:
            stop()
        if thread.is_alive():
            raise RuntimeError("the sandbox did not stop")
