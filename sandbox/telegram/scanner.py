"""Reading marked-up text piece by piece: characters, references such as `&lt;`, and attributes of tags.

Follows TDLib's `parse_html` (td/telegram/MessageEntity.cpp), whose refusals name byte offsets.
"""

import re
from dataclasses import dataclass

from sandbox.telegram.errors import BadRequestError

SPACE = re.compile(r"\s*")
_REFERENCES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#(\d+)|#x([0-9a-fA-F]+)|([a-zA-Z]+));?")
_ATTRIBUTE_NAME = re.compile(r"[^\s=>]*")
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
_AFTER_TOKEN = re.compile(r"[\s>]|$")
_LAST_CODE_POINT = 0x10FFFF


def refusal(reason: str) -> BadRequestError:
    """Return the error for text that cannot be parsed."""
    return BadRequestError(f"can't parse entities: {reason}")


@dataclass(slots=True)
class Scanner:
    """A text and the place reached in it."""

    source: str
    at: int = 0

    @property
    def ended(self) -> bool:
        """Whether nothing is left."""
        return self.at >= len(self.source)

    @property
    def char(self) -> str:
        """The next character, empty at the end."""
        return self.source[self.at : self.at + 1]

    def byte(self, position: int) -> int:
        """Return the offset in UTF-8 bytes of a position."""
        return len(self.source[:position].encode())

    def take(self, pattern: re.Pattern[str]) -> str:
        """Go past what matches here, and return it."""
        found = pattern.match(self.source, self.at)
        text = found.group() if found else ""
        self.at += len(text)
        return text

    def reference(self) -> str:
        """Go past a character reference and return its character; a lone `&` is itself."""
        found = _REFERENCE.match(self.source, self.at)
        char = _referred(found) if found else ""
        if found and char:
            self.at = found.end()
            return char
        self.at += 1
        return "&"

    def attribute(self, tag: str, begin: int) -> tuple[str, str]:
        """Go past one attribute of the tag that begins at `begin`; return its name and value."""
        where = f'"{tag}" at byte offset {self.byte(begin)}'
        name = self.take(_ATTRIBUTE_NAME)
        if self.ended:
            raise refusal(f"Unclosed start tag {where}")
        if not name:
            raise refusal(f"Empty attribute name in the tag {where}")
        self.take(SPACE)
        if self.char != "=":
            if tag == "blockquote" and name == "expandable":
                return name, "1"
            raise refusal(f"Expected equal sign in declaration of an attribute of the tag {where}")
        self.at += 1
        self.take(SPACE)
        value = self._quoted() if self.char in ("'", '"') else self._name_token()
        if self.ended:
            raise refusal(f"Unclosed start tag {where}")
        return name, value

    def _quoted(self) -> str:
        quote = self.char
        self.at += 1
        value: list[str] = []
        while not self.ended and self.char != quote:
            if self.char == "&":
                value.append(self.reference())
            else:
                value.append(self.char)
                self.at += 1
        self.at += 1
        return "".join(value)

    def _name_token(self) -> str:
        begin = self.at
        value = self.take(_NAME_TOKEN).lower()
        if not _AFTER_TOKEN.match(self.source, self.at):
            raise refusal(f"Unexpected end of name token at byte offset {self.byte(begin)}")
        return value


def _referred(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name:
        return _REFERENCES.get(name, "")
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if 0 < code <= _LAST_CODE_POINT else ""
