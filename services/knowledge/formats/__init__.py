"""Reads a document of the bank, whatever its format: text, Markdown, HTML, CSV, PDF, Word.

`read` is the way in. Formats whose parsers a hostile file can keep busy for hours (those of HTML and Markdown take
time that grows with the square of some texts) are read in a process of their own (`apart`), bounded.
"""

from services.knowledge.formats.apart import read_apart
from services.knowledge.formats.readers import PLAIN, check_size, format_of, read_as
from services.knowledge.parse import Parsed

__all__ = ["read"]


def read(name: str, content: bytes) -> Parsed:
    """Return what a document holds; its format is told by the end of its name and by its first bytes.

    Raises KnowledgeError with what to change when nothing can be made of it.
    """
    check_size(content)
    kind = format_of(name, content)
    return read_as(kind, content) if kind in PLAIN else read_apart(kind, content)
