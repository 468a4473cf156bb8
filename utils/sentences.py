"""Where sentences end, and texts cut at such places so that each piece fits into one of Telegram's messages."""

import re
from collections.abc import Iterator, Sequence
from html import unescape

LONGEST = 4096  # UTF-16 units of a message's text after its mark-up was read (Bot API, sendMessage)

_END = re.compile(r"[.!?…]+[\"»”’')\]]*(?=\s)|\n")
_NAME = re.compile(r"[\w-]+")
_TOKEN = re.compile(r"<[^>]*>|&[#\w]+;|.", re.DOTALL)
_ENDS = frozenset(".!?…\n")
_LEAST = 4  # a piece is cut at a sentence's end if that leaves it more than one part in so many of its room


def whole_sentences(text: str) -> str:
    """Return the sentences of a text that are complete: the end of one shows only by what follows it."""
    ends = [match.end() for match in _END.finditer(text)]
    return text[: ends[-1]].strip() if ends else ""


def split_html(html: str, limit: int = LONGEST) -> list[str]:
    """Return HTML in pieces of at most `limit` UTF-16 units (2 or more) of text, cut at sentence ends if there are any.

    Tags that are open at a cut are closed and opened again; nothing but blanks at the cuts is lost. A text of
    blanks alone has no pieces.
    """
    tokens = _TOKEN.findall(html)
    shown = [unescape(token) for token in tokens if not _is_tag(token)]
    return list(_rendered(tokens, list(_bounds(shown, limit))))


def _is_tag(token: str) -> bool:
    return len(token) > 1 and token.startswith("<")


def _bounds(shown: Sequence[str], limit: int) -> Iterator[tuple[int, int]]:
    """Yield where pieces start and stop, without the blanks around them."""
    start, total = 0, len(shown)
    while True:
        while start < total and shown[start].isspace():
            start += 1
        if start == total:
            return
        end, room = start, limit
        while end < total and (room := room - _units(shown[end])) >= 0:
            end += 1
        stop = end = _cut(shown, start, end) if end < total else end
        while shown[stop - 1].isspace():
            stop -= 1
        yield start, stop
        start = end


def _units(character: str) -> int:
    return len(character.encode("utf-16-le")) // 2


def _cut(shown: Sequence[str], start: int, end: int) -> int:
    """Return the last good place for a cut: after a sentence, else after a word, else anywhere."""
    places = range(end, start + (end - start) // _LEAST, -1)
    after_sentence = (at for at in places if shown[at - 1] in _ENDS and (shown[at].isspace() or shown[at - 1] == "\n"))
    after_word = (at for at in places if shown[at].isspace())
    return next(after_sentence, None) or next(after_word, end)


def _rendered(tokens: Sequence[str], bounds: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Yield the HTML of each piece; a tag is opened with the first character in it, so that none is empty."""
    place, stack, written, piece = 0, [], 0, ""  # `written` of the tags on the stack are open in this piece
    pending = iter(bounds)
    start, stop = next(pending, (0, 0))
    for token in tokens:
        if _is_tag(token):
            if not token.startswith("</"):
                stack.append(token)
                continue
            opened = stack.pop() if stack else ""
            if opened and written > len(stack):
                piece, written = piece + token, len(stack)
            continue
        if start <= place < stop:
            piece += "".join(stack[written:]) + token
            written = len(stack)
        place += 1
        if place == stop:
            yield piece + "".join(_closing(tag) for tag in reversed(stack[:written]))
            piece, written = "", 0
            start, stop = next(pending, (0, 0))


def _closing(tag: str) -> str:
    return f"</{_NAME.findall(tag)[0]}>"
