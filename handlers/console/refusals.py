"""What a page says of what the desk does not do: the texts of the messenger, and others where those name commands."""

import re
from html import unescape

from handlers.console.console import Visit

_TAG = re.compile(r"<[^>]+>")
_WORDING = {  # refusals whose usual text names Telegram's commands
    "desk.go_online": "console.desk.refused_go_online",
    "desk.full": "console.desk.refused_full",
    "desk.why": "console.desk.refused_why",
    "desk.sign_in_first": "console.desk.refused_sign_in",
    "desk.note_usage": "console.desk.refused_empty",
    "desk.escalate_usage": "console.desk.refused_empty",
    "unsupported.too_long": "console.desk.refused_length",
}


def wording(visit: Visit, key: str, /, **params: object) -> str:
    """Return a text in the person's language, without mark-up."""
    html = visit.console.words.text(visit.visitor.language, _WORDING.get(key, key), **params)
    return unescape(_TAG.sub("", html))
