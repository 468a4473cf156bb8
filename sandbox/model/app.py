"""The model server's application: requests are checked, journaled, delayed, struck by faults or answered."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from sandbox.cut import cut_connection, wait_disconnected
from sandbox.model.control import Control, Entry, Plan
from sandbox.model.endpoints import Answer, chat, embeddings, list_models, messages
from sandbox.model.errors import ApiError, as_json
from sandbox.model.settings import ModelSettings

Endpoint = Callable[[ModelSettings, Control, bytes, Entry], Awaitable[Answer]]


def create_app(settings: ModelSettings | None = None) -> Starlette:
    """Build the application; serve it with `http=CuttableProtocol`, which faults need to cut connections."""
    chosen = settings or ModelSettings()
    control = Control(chosen)

    def serve(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        async def served(request: Request) -> Response:
            return await _serve(endpoint, chosen, control, request)

        return served

    routes = [
        Route("/v1/models", serve(list_models), methods=["GET"]),
        Route("/v1/chat/completions", serve(chat), methods=["POST"]),
        Route("/v1/messages", serve(messages), methods=["POST"]),
        Route("/v1/embeddings", serve(embeddings), methods=["POST"]),
        Route("/control/model", control.put, methods=["PUT"]),
        Route("/control/model", control.reset, methods=["DELETE"]),
        Route("/control/model/journal", control.journal, methods=["GET"]),
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: as_json})


async def _serve(endpoint: Endpoint, settings: ModelSettings, control: Control, request: Request) -> Response:
    entry = control.enter(request.url.path)
    try:
        _check_key(request)
        answer = await endpoint(settings, control, await request.body(), entry)
        if await _client_left(request.receive, control.delay()):
            entry.outcome = "gone"
            return Response()
        fault = control.draw()
        entry.outcome = f"fault:{fault.fault}" if fault else answer.outcome
        return _respond(answer, control.pace) if fault is None else await _strike(fault, answer, request)
    except ClientDisconnect:
        entry.outcome = "gone"
        return Response()
    except asyncio.CancelledError:  # the server stops: whoever still waits gets no answer
        return _Cut()
    except ApiError as error:
        if not entry.outcome.startswith("fault:"):
            entry.outcome = f"error:{error.status_code}"
        raise


def _check_key(request: Request) -> None:
    if request.headers.get("x-api-key", "").strip():  # Anthropic's way to give one
        return
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise ApiError(HTTPStatus.UNAUTHORIZED, "You didn't provide an API key: send Authorization: Bearer <any key>.")


async def _client_left(receive: Receive, seconds: float) -> bool:
    """Wait; tell whether the client was gone before the time was over."""
    try:
        async with asyncio.timeout(seconds):
            await wait_disconnected(receive)
    except TimeoutError:
        return False
    return True


def _respond(answer: Answer, pace: float) -> Response:
    if answer.events is None:
        return Response(answer.content, media_type="application/json")
    return StreamingResponse(_each(answer.events, pace), media_type="text/event-stream")


async def _strike(fault: Plan, answer: Answer, request: Request) -> Response:
    match fault.fault:
        case "hang":
            await wait_disconnected(request.receive)
            return Response()
        case "refuse":
            return _Cut()
        case "garbled":
            return _garble(answer, request)
        case _:
            raise ApiError(fault.status, f"The sandbox was told to answer {fault.status}.")


def _garble(answer: Answer, request: Request) -> Response:
    """Send half: JSON that does not end, or events that stop amid one as the connection closes."""
    if answer.events is None:
        return Response(answer.content[: len(answer.content) // 2], media_type="application/json")
    whole = "".join(answer.events)

    async def half() -> AsyncIterator[str]:
        yield whole[: len(whole) // 2]
        await cut_connection(request.scope, request.receive)

    return StreamingResponse(half(), media_type="text/event-stream")


async def _each(events: tuple[str, ...], pace: float) -> AsyncIterator[str]:
    for event in events:
        yield event
        if pace:
            await asyncio.sleep(pace)


class _Cut(Response):
    """No response: the connection is closed instead."""

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        await cut_connection(scope, receive)
