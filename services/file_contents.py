"""What a file is by its first bytes, held against what it says it is: each passes that before it is kept."""

from collections.abc import Iterable
from pathlib import PurePath

from services.errors import FileRefusedError

_LOOKED_AT = 1024  # bytes; a PDF may have something before its mark (ISO 32000-1, annex H, note 13)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = (b"\xd0\xcf\x11\xe0",)
_MARKS: dict[str, tuple[bytes, ...]] = {
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "webp": (b"RIFF",),
    "gif": (b"GIF87a", b"GIF89a"),
    "rtf": (b"{\\rtf",),
    "doc": (*_OLE, b"{\\rtf"),
    "xls": _OLE,
    **dict.fromkeys(("zip", "docx", "xlsx", "odt", "ods"), _ZIP),
}
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
_PAGES = (b"<!doctype html", b"<html", b"<script", b"<svg", b"<?php")


def check_contents(name: str, mime: str, pieces: Iterable[bytes]) -> None:
    """Raise FileRefusedError for programs, web pages, and files that do not begin as their name or type promises."""
    head = _beginning(pieces)
    ending = PurePath(name).suffix.lower().lstrip(".") or ("jpg" if mime == "image/jpeg" else "")
    if head.startswith(_PROGRAMS) or head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_PAGES):
        raise FileRefusedError("a program or a page")
    if ending == "pdf" and b"%PDF-" not in head:
        raise FileRefusedError("not a PDF")
    if ending == "mp4" and head[4:8] != b"ftyp":  # ISO/IEC 14496-12, 4.3
        raise FileRefusedError("not a video")
    if not head.startswith(_MARKS.get(ending, b"")):
        raise FileRefusedError("not what its name says")


def _beginning(pieces: Iterable[bytes]) -> bytes:
    head = b""
    for piece in pieces:
        head += piece
        if len(head) >= _LOOKED_AT:
            break
    return head[:_LOOKED_AT]
