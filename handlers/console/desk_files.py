"""Files from the browser: received piece by piece, checked, sealed, and written into the customer's chat."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from logging import getLogger
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect

from handlers.console.console import Console, Visit
from handlers.console.guard import FILES
from handlers.console.refusals import wording
from services.desk.desk import Desk
from services.desk.door import Door
from services.desk.enclosing import may_enclose, send_files
from services.desk.noting import show_said
from services.errors import DeskRefusal, FileError, FilesAwayError
from services.uploads import Tray, Upload, Uploads

_PIECE = 2**20  # bytes that are sealed at a time
_LONGEST_LIST = 64 * 2**10  # bytes of the list of names and words that comes before the files

_log = getLogger(__name__)


@dataclass(frozen=True)
class _Parcel:
    """What a browser says that it sends: names and sizes in their order, and the words to them."""

    files: tuple[tuple[str, int], ...]
    caption: str


def files_router(console: Console, door: Door, uploads: Uploads) -> APIRouter:
    """Return the way in for files of the desk's page; the answer is 204, or 200 with what the desk has against them."""
    router = APIRouter(include_in_schema=False)

    @router.post(FILES)
    async def files(request: Request, chat: UUID) -> Response:
        visit = await console.visit(request)
        if visit is None:
            return Response(status_code=401)
        try:
            await _received(request, visit, _Way(door, uploads, chat))
        except PermissionError:
            return Response(status_code=401)
        except DeskRefusal as refusal:
            return _problem(200, wording(visit, refusal.key, **refusal.params))
        except (FilesAwayError, SQLAlchemyError) as error:
            _log.warning("files for a customer were not kept", extra={"error": type(error).__name__})
            return _problem(503, visit.text("console.error.unavailable"))
        except (FileError, ValueError, KeyError, TypeError, ClientDisconnect):  # no page of ours sends such a thing
            return _problem(400, visit.text("console.desk.files_failed"))
        return Response(status_code=204)

    return router


@dataclass(frozen=True)
class _Way:
    """Where files come in, and for whom they are."""

    door: Door
    uploads: Uploads
    chat: UUID


async def _received(request: Request, visit: Visit, way: _Way) -> None:
    """Take the list, then the files, then write the message; raises what any of that is refused with."""
    body, account = request.stream(), visit.visitor.telegram_id
    try:
        parcel, rest = await _listed(body, int(request.headers["x-list"]))
        await visit.checked(lambda: way.door.look(account, lambda desk: may_enclose(desk, way.chat, parcel.caption)))
        with way.uploads.tray(parcel.files) as tray:
            await _filled(tray, rest, body)
            kept = await asyncio.to_thread(tray.keep)
    finally:  # a browser reads no answer before it has sent everything
        async for _ in body:
            pass
    try:
        await visit.checked(lambda: way.door.do(account, lambda desk: _written(desk, way.chat, kept, parcel.caption)))
    except (DeskRefusal, PermissionError):  # after anything else it may have been written all the same
        await asyncio.to_thread(way.uploads.forget, kept)
        raise


def _written(desk: Desk, chat: UUID, files: list[Upload], caption: str) -> None:
    conversation = desk.locked(chat)
    show_said(desk, conversation, send_files(desk, conversation, files, caption))


async def _listed(body: AsyncIterator[bytes], length: int) -> tuple[_Parcel, bytes]:
    """Return the list that comes first, of so many bytes, and the beginning of the files behind it."""
    if not 0 < length <= _LONGEST_LIST:
        raise ValueError("no list of files")
    begun = b""
    while len(begun) < length and (piece := await anext(body, b"")):
        begun += piece
    listed = json.loads(begun[:length])
    files = tuple((str(file["name"]), int(file["size"])) for file in listed["files"])
    return _Parcel(files, str(listed["caption"])), begun[length:]


async def _filled(tray: Tray, begun: bytes, body: AsyncIterator[bytes]) -> None:
    held = begun
    async for piece in body:
        held += piece
        if len(held) >= _PIECE:
            await asyncio.to_thread(tray.write, held)
            held = b""
    await asyncio.to_thread(tray.write, held)


def _problem(status: int, words: str) -> JSONResponse:
    return JSONResponse({"problem": words}, status)
