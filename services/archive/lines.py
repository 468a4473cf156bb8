"""Conversations as compressed lines of JSON, the same bytes whenever the rows are the same."""

import gzip
import json
import zlib
from collections.abc import Sequence

from database.queries.transcript import Line
from services.archive.errors import ArchiveDamaged

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def written(lines: Sequence[Line]) -> bytes:
    """Return lines of JSON; what an archive vouches for is made of these bytes, not of how they are compressed."""
    return b"".join(_encode(line).encode() + b"\n" for line in lines)


def packed(content: bytes) -> bytes:
    """Compress lines; without the time of day, which says nothing."""
    return gzip.compress(content, mtime=0)


def unpacked(content: bytes) -> bytes:
    """Return what `packed` was given; raises ArchiveDamaged."""
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error):
        raise ArchiveDamaged("a record is not compressed lines") from None


def read(content: bytes) -> list[Line]:
    """Return lines from what `written` made; raises ArchiveDamaged."""
    try:
        return [json.loads(line) for line in content.splitlines()]
    except ValueError:
        raise ArchiveDamaged("a record is not lines of JSON") from None
