"""Broadcasts: the command, its buttons, and customers who want none or want them again."""

import re
from uuid import UUID

from telegram import Message, Update

from handlers.telegram import contents
from handlers.telegram.buttons import chosen, parts, parts_of
from services.broadcast.jobs import AtBroadcast, BroadcastVerb, LeaveDraft, OpenBroadcast, Subscribe
from services.jobs import Job

_COMMAND = re.compile(r"^(?:<[^>]*>)*/\w+(?:@\w+)?\s*")


def command(update: Update) -> Job:
    """`/broadcast`, perhaps with the text, formatted as the message is."""
    message = update.message
    assert isinstance(message, Message)  # noqa: S101 - commands are messages, the table says so
    masked, html = contents.words(message)
    text = _COMMAND.sub("", masked.text, count=1).strip()
    plain = message.entities[0].length if message.entities else 0
    formatted = any(entity.offset < plain for entity in message.entities[1:])  # then the command is part of it
    return OpenBroadcast(text=text, html="" if formatted else _COMMAND.sub("", html, count=1).strip())


def cancel(update: Update) -> Job:
    """`/cancel`."""
    del update
    return LeaveDraft()


def subscribe(update: Update) -> Job:
    """`/subscribe`."""
    del update
    return Subscribe(on=True)


def unsubscribe(update: Update) -> Job:
    """`/unsubscribe`."""
    del update
    return Subscribe(on=False)


def subscription(update: Update) -> Job:
    """`subscribe:on|off`."""
    return Subscribe(on=chosen(parts(update, 1)[0], "on", "off"))


def button(update: Update) -> Job:
    """`broadcast:<act>:<broadcast>[:<what>]`."""
    act, broadcast_id, *words = parts_of(update)
    if len(words) > 1:
        raise ValueError("not a button of this version")
    message = update.callback_query.message if update.callback_query else None
    return AtBroadcast(
        act=BroadcastVerb(act),
        broadcast_id=UUID(broadcast_id),
        word=words[0] if words else "",
        message_id=message.message_id if message else None,
    )
