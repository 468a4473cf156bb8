"""The dialog in plain words: what each side said, without mark-up."""

import re
from html import unescape

from database.models import Author
from database.queries.message import Said
from services.ports import Outbound

_TAG = re.compile(r"<[^>]+>")


def spoken(said: Said) -> str:
    """Return the words of a message; the customer's are kept as typed, the others' as messages with mark-up."""
    return said.body if said.author == Author.CUSTOMER else plain(said.body)


def plain(body: str) -> str:
    """Return the words of a message of the bot's, as it is kept."""
    return unescape(_TAG.sub("", Outbound.model_validate_json(body).html))
