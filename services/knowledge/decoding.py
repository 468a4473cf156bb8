"""Turns the bytes of a text file into text: UTF-8, UTF-16 with a byte order mark, or Windows-1251."""

import codecs
import re

from services.knowledge.errors import KnowledgeBinaryError, KnowledgeUndecodableError

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
# Russian, Ukrainian and Belarusian letters; Windows-1251 has no Kazakh ones.
_CYRILLIC = re.compile(r"[А-яЁёЄєІіЇїҐґЎў]")
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_MIN_CYRILLIC_SHARE = 0.7  # typographic quotes and dashes are the rest


def decode(raw: bytes) -> tuple[str, str]:
    """Return the text without its byte order mark, and the name of the encoding it was in.

    Raises KnowledgeBinaryError or KnowledgeUndecodableError.
    """
    text, encoding = _decode(raw)
    if _CONTROLS.search(text):
        raise KnowledgeBinaryError("The file holds control characters: it is not plain text.")
    return text, encoding


def _decode(raw: bytes) -> tuple[str, str]:
    if raw.startswith(_UTF16_MARKS):
        try:
            return raw.decode("utf-16"), "utf-16"
        except UnicodeDecodeError as error:
            raise KnowledgeUndecodableError(f"The file starts as UTF-16, but {error.reason}.") from error
    if b"\x00" in raw:
        raise KnowledgeBinaryError("The file holds zero bytes: it is not plain text.")
    try:
        return raw.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        text = _windows_1251(raw)
        if text is None:
            raise KnowledgeUndecodableError(
                f"Line {line} is neither UTF-8 nor Windows-1251: save the file as UTF-8."
            ) from error
        return text, "windows-1251"


def _windows_1251(raw: bytes) -> str | None:
    """Decode what reads as Cyrillic; KOI8-R or a broken UTF-8 file would come out as gibberish.

    KOI8-R has its small letters where Windows-1251 has capitals, so real text is mostly small letters.
    """
    try:
        text = raw.decode("windows-1251")
    except UnicodeDecodeError:
        return None
    letters = _CYRILLIC.findall(text)
    small = sum(letter.islower() for letter in letters)
    plausible = len(letters) >= _MIN_CYRILLIC_SHARE * len(_NON_ASCII.findall(text)) and 2 * small > len(letters)
    return text if plausible else None
