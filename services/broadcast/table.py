"""The file that names everybody on a broadcast's list and what became of them: CSV, made when it is sent."""

import csv
import gzip
from io import BytesIO, TextIOWrapper
from threading import Lock
from time import monotonic
from typing import IO
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from database.db import Database
from database.models import Broadcast, Delivery
from services.errors import TransientError
from services.outbound import File, FileKind

_PIECE = 10_000  # people that are read at a time
_PLAIN = 100_000  # people up to which the file is not packed
_FRESH = 60.0  # seconds for which what was made last is given again: an attempt to send it may have failed


def table(broadcast: Broadcast) -> File:
    """Return the file of a broadcast, not made yet."""
    packed = broadcast.audience > _PLAIN
    name = f"broadcast-{broadcast.created_at:%Y%m%d}-{broadcast.id.hex[:6]}.csv"
    return File(
        kind=FileKind.DOCUMENT,
        id="",
        source=f"{'broadcast_gz' if packed else 'broadcast'}:{broadcast.id}",
        name=f"{name}.gz" if packed else name,
        mime="application/gzip" if packed else "text/csv",
    )


class Tables:
    """Makes such files; the last one is kept for a moment."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._last: tuple[str, bytes, float] = ("", b"", 0.0)

    def __call__(self, chat_id: int, source: str) -> bytes:
        """Return the content of a file; raises LookupError for one that is of no broadcast, and TransientError."""
        del chat_id
        kind, _, number = source.partition(":")
        if kind not in {"broadcast", "broadcast_gz"}:
            raise LookupError(kind)
        with self._lock:
            last, content, at = self._last
            if last != source or monotonic() - at > _FRESH:
                try:
                    content = self._content(UUID(number), packed=kind.endswith("gz"))
                except SQLAlchemyError as error:
                    raise TransientError("unavailable") from error
                self._last = (source, content, monotonic())
            return content

    def _content(self, broadcast_id: UUID, *, packed: bool) -> bytes:
        held = BytesIO()
        if packed:
            with gzip.open(held, "wb", compresslevel=6) as file:
                self.write(broadcast_id, file)
        else:
            self.write(broadcast_id, held)
        return held.getvalue()

    def write(self, broadcast_id: UUID, file: IO[bytes] | gzip.GzipFile) -> None:
        """Write the table of a broadcast: account, outcome, reason, moment in UTC."""
        text = TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        rows = csv.writer(text)
        rows.writerow(("telegram_id", "outcome", "reason", "at"))
        with self._database.reading() as uow:
            for some in uow.tallies.fates(broadcast_id, _PIECE):
                rows.writerows((fate.chat_id, *_outcome(fate.state, fate.reason), _when(fate.at)) for fate in some)
        text.detach()


def _outcome(state: str, reason: str) -> tuple[str, str]:
    """Return what became of somebody, in few words that stay the same, and why."""
    if not state:
        return (reason or "not_sent"), ""
    if state in {Delivery.FAILED, Delivery.DEAD, Delivery.DROPPED}:
        return ("blocked", "") if reason == "blocked" else ("failed", reason or state)
    return (state, "") if state != Delivery.PENDING else ("waiting", "")


def _when(at: object) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else ""
