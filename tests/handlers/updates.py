"""Updates as Telegram sends them, read by the library that the product reads them with."""

from itertools import count
from typing import Any

from telegram import Update

PERSON = {"id": 5, "is_bot": False, "first_name": "Anna", "last_name": "Petrova", "language_code": "ru"}
PRIVATE = {"id": 5, "type": "private", "first_name": "Anna"}
GROUP = {"id": -100, "type": "group", "title": "Neighbours"}

_numbers = count(1)


def raw(**content: Any) -> dict[str, Any]:
    """Return an update of the next number."""
    return {"update_id": next(_numbers), **content}


def raw_message(chat: dict[str, Any] = PRIVATE, **content: Any) -> dict[str, Any]:
    """Return a message; a leading command is marked as Telegram marks it."""
    text = str(content.get("text", ""))
    if text.startswith("/") and "entities" not in content:
        content["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
    return {"message_id": 1, "date": 1_700_000_000, "chat": chat, "from": PERSON, **content}


def read(update: dict[str, Any]) -> Update:
    """Return what the library makes of an update."""
    return Update.de_json(update, None)


def message(chat: dict[str, Any] = PRIVATE, **content: Any) -> Update:
    """Return a new message."""
    return read(raw(message=raw_message(chat, **content)))


def said(text: str) -> Update:
    """Return a text message."""
    return message(text=text)


def edited(chat: dict[str, Any] = PRIVATE) -> Update:
    """Return an edit."""
    return read(raw(edited_message=raw_message(chat, text="changed", edit_date=1_700_000_001)))


def pressed(data: str | None, chat: dict[str, Any] = PRIVATE, *, callback_id: str = "cb") -> Update:
    """Return the press of a button; without data it is a button of another kind."""
    query: dict[str, Any] = {"id": callback_id, "from": PERSON, "chat_instance": "1", "message": raw_message(chat)}
    return read(raw(callback_query=query | ({"data": data} if data is not None else {"game_short_name": "g"})))


def membership(status: str, chat: dict[str, Any] = PRIVATE) -> Update:
    """Return a change of the bot's standing with a person."""
    bot = {"id": 7, "is_bot": True, "first_name": "Bank"}
    new: dict[str, Any] = {"user": bot, "status": status}
    if status == "kicked":
        new["until_date"] = 0
    change = {"chat": chat, "from": PERSON, "date": 1, "old_chat_member": {"user": bot, "status": "left"}}
    return read(raw(my_chat_member=change | {"new_chat_member": new}))
