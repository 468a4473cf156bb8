"""Saying a reply: as many messages as its length needs, in order, with what can be done under the last."""

from database.db import UnitOfWork
from database.models import Author, Conversation
from services.ports import Button, Outbound
from services.reply import Outcome, Reply
from utils.sentences import split_html

_RATED = {Outcome.ANSWERED, Outcome.EXTRACT, Outcome.DEGRADED}
_THUMBS = (Button(label="👍", data="thumb:up"), Button(label="👎", data="thumb:down"))


def say(  # noqa: PLR0913 - what a message is made of, each named
    uow: UnitOfWork,
    conversation: Conversation,
    reply: Reply,
    person: str,
    traceparent: str | None = None,
    *,
    replaces: int | None = None,
) -> int:
    """Write what the AI says; `person` labels the way out. Returns the number of its first message."""
    messages = [
        uow.messages.send(
            conversation.chat_id,
            message.model_dump_json(exclude_defaults=True),
            author=Author.AI,
            conversation=conversation,
            traceparent=traceparent,
        )
        for message in outbound(reply, Button(label=person, data="person"), replaces, test=conversation.test)
    ]
    uow.session.flush()
    return messages[0].id


def outbound(reply: Reply, person: Button, replaces: int | None, *, test: bool = False) -> list[Outbound]:
    """Return the messages that say a reply: the first in the place of another, what can be done under the last.

    Under a test there are no thumbs: they would count.
    """
    pieces = split_html(reply.html)
    buttons = ((person,), _THUMBS) if reply.outcome in _RATED and not test else ((person,),)
    return [
        Outbound(
            html=piece,
            buttons=buttons if place == len(pieces) else (),
            replaces=replaces if place == 1 else None,
        )
        for place, piece in enumerate(pieces, start=1)
    ]
