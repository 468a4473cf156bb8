"""Keys of conversations and numbers, as people at the desk type them."""

from database.models import Conversation
from database.queries.floor import SHORT

_KEY = 32  # hexadecimal digits of a whole key
_DIGITS = 18  # of a number: more than any account has, and few enough for every database


def is_key(words: str) -> bool:
    """Return whether words can name a conversation: the first digits of its key, as people write them."""
    return SHORT <= len(plain(words)) <= _KEY and not set(plain(words)) - set("0123456789abcdef")


def plain(words: str) -> str:
    """Return the digits of a key as it was typed."""
    return words.strip().lstrip("#").replace("-", "").lower()


def short(conversation: Conversation) -> str:
    """Return the digits by which people name a conversation."""
    return conversation.id.hex[:SHORT]


def number(text: str) -> int:
    """Return a number that somebody typed; -1 for what is none, as for digits that only look like it."""
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else -1
