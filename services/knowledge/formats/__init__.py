"""Reads a document of the bank, whatever its format: text, Markdown, HTML, CSV, PDF, Word.

`read` is the way in. Formats that a parser of binary data has to open are read in a process of their own (`apart`).
"""

from services.knowledge.formats.apart import read_apart
from services.knowledge.formats.readers import BINARY, format_of, read_here
from services.knowledge.parse import Parsed

__all__ = ["read"]


def read(name: str, content: bytes) -> Parsed:
    """Return what a document holds; its format is told by the end of its name and by its first bytes.

    Raises KnowledgeError with what to change when nothing can be made of it.
    """
    if format_of(name, content) in BINARY:
        return read_apart(name, content)
    return read_here(name, content)
