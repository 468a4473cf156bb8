"""Rows that tests begin with: a person, a conversation, messages on their way out."""

from uuid import UUID

from database.db import Database, UnitOfWork
from database.models import Author, Conversation, Message, Priority, User


def person(uow: UnitOfWork, telegram_id: int = 1) -> User:
    """Return a person's row, written if it was not there."""
    uow.users.lock_chats([telegram_id])
    user = uow.users.get(telegram_id)
    assert user is not None
    return user


def conversation(uow: UnitOfWork, telegram_id: int = 1) -> Conversation:
    """Return a person's open conversation."""
    return uow.conversations.open_for(telegram_id) or uow.conversations.start(person(uow, telegram_id))


def asked(database: Database, telegram_id: int, text: str = "How much?", *, delay: float = 0.0) -> UUID:
    """Write a question that is due after `delay` seconds, and return its conversation."""
    with database.unit_of_work() as uow:
        talk = conversation(uow, telegram_id)
        uow.messages.received(talk, text, None, answered=False)
        uow.conversations.ask(talk, delay, max(delay, 2.5))
        return talk.id


def outgoing(
    database: Database,
    chat_id: int,
    text: str = "Hello",
    priority: Priority = Priority.REPLY,
    author: Author = Author.AI,
) -> int:
    """Write a message to send, in the chat's open conversation, and return its number."""
    with database.unit_of_work() as uow:
        talk = conversation(uow, chat_id)
        message = uow.messages.send(chat_id, text, author=author, conversation=talk, priority=priority)
        uow.session.flush()
        return message.id


def message(database: Database, message_id: int) -> Message:
    """Return a message's row as it is now."""
    with database.reading() as uow:
        found = uow.session.get(Message, message_id)
        assert found is not None
        return found
