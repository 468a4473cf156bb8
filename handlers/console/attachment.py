"""Files of dialogs for the console: bytes that a browser saves or shows as a picture, and never takes for a page."""

from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse

from handlers.console.console import PATH, Console
from services.attachments import Attachments
from services.errors import FileError

PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
STATUSES = {"not_a_reader": 404, "gone": 410, "too_large": 413, "refused": 415, "infected": 415, "away": 503}


def attachment_router(console: Console, attachments: Attachments) -> APIRouter:
    """Return the way to a file, for whoever is signed in and may read it."""
    router = APIRouter(prefix=PATH, include_in_schema=False)

    @router.get("/attachments/{uid}")
    async def attachment(request: Request, uid: UUID) -> Response:
        if (visit := await console.visit(request)) is None:
            return RedirectResponse(f"{PATH}/sign-in")
        try:
            return await visit.checked(lambda: _given(attachments, uid, visit.visitor.telegram_id))
        except PermissionError:
            return RedirectResponse(f"{PATH}/sign-in")
        except FileError as error:
            return PlainTextResponse(visit.text(f"console.file.{error.code}"), STATUSES[error.code])

    return router


def _given(attachments: Attachments, uid: UUID, reader: int) -> Response:
    """Open a file and stream it; what it is opened from goes with the last piece."""
    with ExitStack() as stack:
        opened = stack.enter_context(attachments.open(uid, reader))
        held = stack.pop_all()

    def pieces() -> Iterator[bytes]:
        with held:
            yield from opened.pieces

    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(opened.name or 'file', safe='')}",
        "content-security-policy": "sandbox; default-src 'none'",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
    }
    return StreamingResponse(
        pieces(), media_type=opened.mime if opened.mime in PICTURES else "application/octet-stream", headers=headers
    )
