"""What a file's name and its words say of the document in it: what it is called, and in which language it is."""

from dataclasses import dataclass
from pathlib import PurePath

from services.knowledge.language import detect
from services.knowledge.parse import Parsed

LONGEST_NAME = 100  # characters of a document's name
_CODE = 2  # letters of a language (ISO 639-1)
_LOOKED_AT = 20_000  # characters; the words of a page or two decide


@dataclass(frozen=True)
class Named:
    """What a file's name says: the document, and its language where the name has one (`rates.en.txt`)."""

    document: str
    language: str | None


def named(file_name: str) -> Named:
    """Return what a file's name says of its document."""
    path = PurePath(file_name.replace("\\", "/"))
    stem = " ".join(path.name.removesuffix(path.suffix).split())
    head, _, tail = stem.rpartition(".")
    if head and len(tail) == _CODE and tail.isascii() and tail.isalpha():
        return Named(head[:LONGEST_NAME], tail.lower())
    return Named(stem[:LONGEST_NAME], None)


def language_of(parsed: Parsed) -> str | None:
    """Return the language that the entries seem to be in, or None when they have no words."""
    return detect(" ".join(f"{entry.question} {entry.answer}" for entry in parsed.entries)[:_LOOKED_AT])
