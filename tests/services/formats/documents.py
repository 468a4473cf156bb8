"""Makes small documents of binary formats, whole and broken ones."""

from collections.abc import Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from docx import Document
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

Line = tuple[str, int]  # text, and the height of its letters


def word(*paragraphs: tuple[str, str], table: Sequence[Sequence[str]] = ()) -> bytes:
    """Return a Word document of paragraphs, each with its style."""
    document = Document()
    for style, text in paragraphs:
        document.add_paragraph(text, style=style)
    if table:
        made = document.add_table(rows=0, cols=len(table[0]))
        for row in table:
            for cell, text in zip(made.add_row().cells, row, strict=True):
                cell.text = text
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def word_bomb() -> bytes:
    """Return what looks like a Word document and unpacks to 200 MB of nothing."""
    buffer = BytesIO(word(("Normal", "small")))
    with ZipFile(buffer, "a", ZIP_DEFLATED) as archive, archive.open("word/media/image1.bin", "w") as part:
        for _ in range(200):
            part.write(bytes(1 << 20))
    return buffer.getvalue()


def pdf(*pages: Sequence[Line], password: str = "") -> bytes:
    """Return a PDF whose pages hold lines of text, from the top."""
    writer = PdfWriter()
    for lines in pages:
        page = writer.add_blank_page(width=600, height=800)
        font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}
        fonts = DictionaryObject({NameObject("/F1"): _named(font)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        stream = DecodedStreamObject()
        drawn = [f"BT /F1 {size} Tf 50 {780 - 40 * row} Td ({text}) Tj ET" for row, (text, size) in enumerate(lines)]
        stream.set_data("\n".join(drawn).encode("latin-1"))
        page[NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password, algorithm="AES-256")
    buffer = BytesIO()
    writer.write(buffer)
    PdfReader(BytesIO(buffer.getvalue()))  # what the library itself cannot read proves nothing
    return buffer.getvalue()


def _named(values: dict[str, str]) -> DictionaryObject:
    return DictionaryObject({NameObject(key): NameObject(value) for key, value in values.items()})
