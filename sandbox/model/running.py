"""A model server, and one in a thread of this process on a free port: for tests and benchmarks."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from sandbox.cut import CuttableProtocol
from sandbox.model.app import create_app
from sandbox.model.settings import ModelSettings

_LONGEST_STOP = 10.0
_SECONDS_TO_FINISH = 1  # requests that hang on purpose would hold the end for ever


def build_server(settings: ModelSettings) -> uvicorn.Server:
    """Return the server of the model's API and its control API."""
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        http=CuttableProtocol,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=_SECONDS_TO_FINISH,
    )
    return uvicorn.Server(config)


@contextmanager
def running_model(settings: ModelSettings) -> Iterator[str]:
    """Run a model server while the block lasts; yield its address, `http://host:port`.

    Raises RuntimeError when it does not stop in time.
    """
    with socket.create_server((settings.host, settings.port)) as listener:
        server = build_server(settings)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="model")
        thread.start()
        try:
            yield f"http://{settings.host}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(_LONGEST_STOP)
        if thread.is_alive():
            raise RuntimeError("the model server did not stop")
