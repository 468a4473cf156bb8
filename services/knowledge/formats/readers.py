"""The table from a document's format to its reader, and how the format is told."""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from pathlib import PurePath

from services.knowledge.errors import (
    KnowledgeBinaryError,
    KnowledgeEmptyError,
    KnowledgeEncryptedError,
    KnowledgeTooLargeError,
)
from services.knowledge.formats import table
from services.knowledge.formats.blocks import parted
from services.knowledge.parse import MAX_BYTES, Parsed, parse
from services.knowledge.text import words


class Format(StrEnum):
    """What can be read."""

    TEXT = "txt"
    MARKDOWN = "md"
    HTML = "html"
    TABLE = "csv"
    PDF = "pdf"
    WORD = "docx"


PLAIN = frozenset({Format.TEXT, Format.TABLE})  # read in one pass, in time that grows with their length
_BINARY = frozenset({Format.PDF, Format.WORD})
_ENDINGS = {".markdown": Format.MARKDOWN, ".htm": Format.HTML, ".xhtml": Format.HTML, ".tsv": Format.TABLE}
_PDF, _ZIP, _COMPOUND = b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF_HEADER = 1024  # bytes within which the mark has to stand (PDF 32000-1, annex H.3.4.1)


def format_of(name: str, content: bytes) -> Format:
    """Return a document's format; raises KnowledgeBinaryError for one that nobody here reads.

    The bytes decide where they say something else than the name: a renamed PDF is still a PDF.
    """
    ending = PurePath(name.lower()).suffix
    if content.startswith(_COMPOUND):
        if ending == ".docx":
            raise KnowledgeEncryptedError("The Word document is protected by a password: save it without one.")
        raise KnowledgeBinaryError("This is a document of an old Office format: save it as .docx.")
    if _PDF in content[:_PDF_HEADER]:
        return Format.PDF
    if content.startswith(_ZIP):
        if ending == ".docx":
            return Format.WORD
        raise KnowledgeBinaryError("This is an archive: upload the documents in it one by one.")
    known = _ENDINGS.get(ending) or next((kind for kind in Format if ending == f".{kind}"), None)
    if known in _BINARY:
        raise KnowledgeBinaryError(f"The file is called {ending}, but holds something else.")
    if known is None and ending:
        raise KnowledgeBinaryError(f"{ending} is not read here; {', '.join(f'.{kind}' for kind in Format)} are.")
    return known or Format.TEXT


def check_size(content: bytes) -> None:
    """Raise KnowledgeError for a document without any content, or with too much."""
    if not content.strip():
        raise KnowledgeEmptyError("The file is empty.")
    if len(content) > MAX_BYTES:
        raise KnowledgeTooLargeError(f"The file has {len(content):,} bytes; {MAX_BYTES:,} are allowed.")


def read_as(kind: Format, content: bytes) -> Parsed:
    """Read a document of a format in this process; raises KnowledgeError."""
    parsed = _reader(kind)(content)
    entries = tuple(part for entry in parsed.entries for part in parted(entry))
    if not any(words(entry.answer) for entry in entries):
        raise KnowledgeEmptyError("The file holds no text that could answer anything.")
    return replace(parsed, entries=entries)


def _reader(kind: Format) -> Callable[[bytes], Parsed]:
    if kind in PLAIN:
        return {Format.TEXT: parse, Format.TABLE: table.read}[kind]
    # Their parsers take 19 MB, which nobody but the process that reads a document apart has a use for.
    from services.knowledge.formats import markdown, pdf, web, word  # noqa: PLC0415

    readers = {Format.MARKDOWN: markdown.read, Format.HTML: web.read, Format.PDF: pdf.read, Format.WORD: word.read}
    return readers[kind]
