"""Pieces of the desk's page as HTML: what people say of themselves is text in them, and nothing else."""

from typing import cast
from uuid import UUID

from database.models import ConversationState
from handlers.console import desk_feed, desk_lists
from handlers.console.console import Visit
from handlers.console.desk_words import Wording
from services.desk.glance import Glance
from services.desk.viewing import Card, Opened

HOSTILE = "<img src=x> O'Neil"


class Keys(Wording):
    """Says the keys of texts instead of the texts."""

    def text(self, key: str, /, **_params: object) -> str:
        return key

    def language(self, code: str) -> str:
        return code


def test_a_customers_name_and_phone_are_text() -> None:
    words, uid = Keys(cast("Visit", None)), UUID(int=1)
    state = ConversationState.WITH_OPERATOR
    card = Card(uid, "1", HOSTILE, HOSTILE, "typed", "en", "asked", state, 9002, current=True, waits=False, since=None)
    seen = Glance(None, 3, (card,), Opened(card, "", (), None, ()), {}, (), (), "", coded=False)
    [(_, listed)] = desk_lists.chats(words, seen)
    for shown in (desk_feed.head(words, seen, 9002), listed):
        assert "<img" not in shown
        assert ">&lt;S</span>" in shown  # the initials, by which nothing is escaped twice
