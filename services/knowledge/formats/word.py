"""Word documents (.docx): headings by their styles, paragraphs, lists and tables."""

import re
from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile, LargeZipFile, ZipFile

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml.etree import LxmlError

from services.knowledge.errors import KnowledgeError, KnowledgeTooLargeError, KnowledgeUnreadableError
from services.knowledge.formats.blocks import ITEM, Block, entries_of
from services.knowledge.parse import Parsed

_LARGEST = 100 * 2**20  # bytes unpacked: a bomb has a thousand times its packed size, a document ten times
_MOST_PARTS = 5_000
_HEADING = re.compile(r"Heading ([1-9])")


def read(content: bytes) -> Parsed:
    """Read a Word document; raises KnowledgeError for one that is damaged, or unpacks to more than is allowed."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            _check_size(archive)
        document = Document(BytesIO(content))
        return Parsed(tuple(entries_of(_blocks(document))), (), "docx")
    except KnowledgeError:
        raise
    except (BadZipFile, LargeZipFile, OpcError, LxmlError, KeyError, ValueError, AttributeError) as error:
        raise KnowledgeUnreadableError("This is no Word document, or it is damaged.") from error


def _check_size(archive: ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST:
        raise KnowledgeTooLargeError("The document unpacks to more than is allowed: split it.")


def _blocks(document: WordDocument) -> Iterator[Block]:
    for number, item in enumerate(document.iter_inner_content(), start=1):
        if isinstance(item, Paragraph):
            yield _paragraph(item, number)
        else:
            yield from (Block(0, row, number) for row in _rows(item))


def _paragraph(paragraph: Paragraph, number: int) -> Block:
    style = paragraph.style.name or "" if paragraph.style else ""
    heading = _HEADING.fullmatch(style)
    level = 1 if style == "Title" else int(heading[1]) + 1 if heading else 0
    text = " ".join(paragraph.text.split())
    return Block(level, ITEM + text if text and style.startswith("List") else text, number)


def _rows(table: Table) -> Iterator[str]:
    for row in table.rows:
        cells = dict.fromkeys(" ".join(cell.text.split()) for cell in row.cells)  # merged cells come again and again
        yield " — ".join(cell for cell in cells if cell)
