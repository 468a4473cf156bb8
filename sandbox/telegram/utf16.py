"""Telegram counts text in UTF-16 code units: lengths, offsets and slices in them."""

_LAST_SINGLE = "\uffff"


def utf16_length(text: str) -> int:
    """Return how many UTF-16 code units a text takes."""
    if text.isascii():
        return len(text)
    return len(text) + sum(char > _LAST_SINGLE for char in text)


def utf16_index(text: str) -> dict[int, int]:
    """Return, for each UTF-16 offset at a character's border, its index in the string."""
    index: dict[int, int] = {}
    offset = 0
    for position, char in enumerate(text):
        index[offset] = position
        offset += 2 if char > _LAST_SINGLE else 1
    index[offset] = len(text)
    return index
