"""Cutting a connection: a uvicorn protocol that lets an application end a call without an answer."""

from typing import Any

from starlette.types import Receive, Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_EXTENSION = "sandbox.cut"


class CuttableProtocol(HttpToolsProtocol):
    """Puts the transport's `abort` where `cut_connection` finds it."""

    def on_message_begin(self) -> None:
        """Begin a request as uvicorn does, and offer the extension."""
        super().on_message_begin()
        extensions: dict[str, Any] = {_EXTENSION: {"abort": self.transport.abort}}
        self.scope["extensions"] = extensions


async def cut_connection(scope: Scope, receive: Receive) -> None:
    """Close the client's connection with no answer at all; return once it is gone.

    Raises RuntimeError on a server that does not use CuttableProtocol.
    """
    extension = scope.get("extensions", {}).get(_EXTENSION)
    if extension is None:
        raise RuntimeError("drop faults need the server to run with CuttableProtocol")
    extension["abort"]()
    await wait_disconnected(receive)


async def wait_disconnected(receive: Receive) -> None:
    """Wait until the client is gone."""
    while True:
        if (await receive())["type"] == "http.disconnect":
            return
