"""The Bot API over HTTP: token, parameters, faults, limits, the method itself, and the journal around it."""

import asyncio
import hmac
import inspect
import re
from collections.abc import Awaitable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sandbox.cut import cut_connection, wait_disconnected
from sandbox.faults import FaultRule
from sandbox.telegram.errors import (
    ApiError,
    NotBuiltError,
    NotFoundError,
    TooManyRequestsError,
    UnauthorizedError,
)
from sandbox.telegram.journal import Entry
from sandbox.telegram.limits import counts
from sandbox.telegram.methods import HANDLERS
from sandbox.telegram.params import chat_id_of, read_params, shown
from sandbox.telegram.schema import METHODS, parse
from sandbox.telegram.server import BotServer

_TOKEN = re.compile(r"[0-9]+:.+")
_OK = 200


class Gone(Exception):  # noqa: N818 - not an error: the client has left, or is to be left, without an answer
    """No answer goes out."""


class InjectedStatusError(ApiError):
    """A fault that answers with a status of its own choice."""

    def __init__(self, status: int) -> None:
        self.code = status
        super().__init__("Internal Server Error" if status == 500 else "fault injected by the sandbox")  # noqa: PLR2004 - Telegram's own wording for this status


def check_token(server: BotServer, token: str) -> None:
    """Raise NotFoundError for what is no token, UnauthorizedError for another bot's."""
    if not _TOKEN.fullmatch(token):
        raise NotFoundError
    if not hmac.compare_digest(token.encode(), server.world.settings.bot_token.encode()):
        raise UnauthorizedError


class BotApi:
    """`/bot<token>/<method>` as an ASGI application."""

    def __init__(self, server: BotServer) -> None:
        self._server = server
        self._methods = {name.lower(): (METHODS[name.lower()], handler) for name, handler in HANDLERS.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call, or cut its connection."""
        entry: Entry | None = None
        try:
            check_token(self._server, scope["path_params"]["token"])
            request = Request(scope, receive)
            params = await read_params(request)
            entry = self._entry(scope["path_params"]["method"], params)
            status, body = _OK, await self._call(entry, params, receive)
        except ApiError as error:
            status, body = error.code, error.payload()
            if entry is not None:
                entry.description = error.description
        except Gone:
            await self._leave(entry, scope, receive)
            return
        if entry is not None:
            entry.status, entry.answered = status, "yes"
        await Response(orjson.dumps(body), status, media_type="application/json")(scope, receive, send)

    def _entry(self, name: str, params: dict[str, Any]) -> Entry:
        known = METHODS.get(name.lower())
        return self._server.world.journal.call(known.name if known else name, shown(params), chat_id_of(params))

    async def _leave(self, entry: Entry | None, scope: Scope, receive: Receive) -> None:
        if entry is not None:
            entry.answered = "no"
        await cut_connection(scope, receive)

    async def _call(self, entry: Entry, params: dict[str, Any], receive: Receive) -> dict[str, Any]:
        name = entry.method or ""
        fault = self._server.world.faults.draw(name, entry.chat_id)
        if fault is not None:
            entry.fault = fault.kind
            await _strike_before(fault)
        built = self._methods.get(name.lower())
        if built is None:
            raise (NotBuiltError(name) if name.lower() in METHODS else NotFoundError("Not Found: method not found"))
        method, handler = built
        call = parse(method, params)
        limited = entry.chat_id if counts(method.name) else None
        if limited is not None:
            self._server.world.limiter.check(limited, paid=getattr(call, "allow_paid_broadcast", None) is True)
        result = handler(self._server, call)
        if inspect.isawaitable(result):
            result = await _unless_gone(result, receive)
        if limited is not None:
            self._server.world.limiter.count(limited)
        entry.effect = True
        if fault is not None and fault.kind == "drop_after":
            raise Gone
        return {"ok": True, "result": result}


async def _strike_before(fault: FaultRule) -> None:
    match fault.kind:
        case "drop_before":
            raise Gone
        case "delay":
            await asyncio.sleep(fault.seconds)
        case "status":
            raise InjectedStatusError(fault.status)
        case "retry_after":
            raise TooManyRequestsError(fault.retry_after)


async def _unless_gone(result: Awaitable[Any], receive: Receive) -> Any:
    """Return an awaited result; raise Gone when the client leaves first: nothing is given to nobody."""
    work = asyncio.ensure_future(result)
    gone = asyncio.ensure_future(wait_disconnected(receive))
    try:
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise Gone
        return work.result()
    finally:
        work.cancel()
        gone.cancel()
