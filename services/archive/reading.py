"""Reading: a restored conversation as people read it, in plain words."""

from datetime import datetime

from pydantic import ValidationError

from database.queries.transcript import Line
from services.archive.lines import read
from services.dialog import plain


def readable(content: bytes) -> str:
    """Return a conversation's lines as text: who said what, and when, in the order of time; raises ArchiveDamaged."""
    lines = read(content)
    head = lines[0]
    told = [f"Conversation {head['id']} of {head['chat_id']}, closed {_moment(head['closed_at'])}"]
    told += [_told(line, head["chat_id"]) for line in sorted(lines[1:], key=_when) if line["type"] in _WORDS]
    return "\n".join(told) + "\n\n"


_WORDS = frozenset({"message", "note", "attachment", "rating"})


def _told(line: Line, customer: int) -> str:
    when = _moment(_when(line))
    if line["type"] == "note":
        return f"{when}  note of {line['author_id'] or 'the system'}: {line['body']}"
    if line["type"] == "attachment":
        return f"{when}  file {line['uid']}: {line['name'] or line['kind']}, {line['mime']}, {line['size']} bytes"
    if line["type"] == "rating":
        return f"{when}  rating: {line['score']}" + (f", {line['comment']}" if line["comment"] else "")
    to = "" if line["author"] == "customer" or line["chat_id"] == customer else f" to {line['chat_id']}"
    state = "" if line["state"] in {"sent", "received"} else f" ({line['state']})"
    return f"{when}  {line['author']}{to}{state}: {_words(line)}"


def _words(line: Line) -> str:
    body = line["body"] or ""
    if line["author"] == "customer" and line["state"] == "received":
        return body
    try:
        return plain(body)
    except ValidationError:
        return body


def _when(line: Line) -> str:
    return str(line.get("created_at") or line.get("rated_at") or "")


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M:%S}" if text else "-"
