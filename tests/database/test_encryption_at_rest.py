"""What is personal is unreadable in the files, belongs to its row, and outlives a change of keys."""

from pathlib import Path

import pytest
from sqlalchemy import update

from database.db import Database
from database.models import Author, Delivery, InboxRow, Tier
from database.queries.inbox import NewUpdate
from database.queries.scope import Vault
from tests.database.fixtures import INDEX_KEY, KEY, another_bot
from tests.database.people import conversation, message, person
from utils.encryption import BlindIndex, Keyring, TamperedError, UnknownKeyError, generate_key

CANARIES = {
    "phone": "+79123456789",
    "name": "Канарейка Кеша",
    "question": "Почему моя птица поёт?",
    "reply": "Ваша птица здорова",
    "job": "a canary in the inbox",
    "broadcast": "a canary for everybody",
}


def fill(database: Database) -> None:
    with database.unit_of_work() as uow:
        user = person(uow)
        uow.users.set_phone(user, CANARIES["phone"], Tier.CONFIRMED)
        uow.users.set_profile(user, CANARIES["name"])
        talk = conversation(uow)
        uow.messages.received(talk, CANARIES["question"], None, answered=False)
        uow.messages.send(1, CANARIES["reply"], author=Author.AI, conversation=talk)
        uow.inbox.accept([NewUpdate(1, 1, "say", CANARIES["job"])])
        uow.broadcasts.draft(7, CANARIES["broadcast"])


def test_nothing_personal_is_readable_in_the_files(own_sqlite: Database, tmp_path: Path) -> None:
    fill(own_sqlite)
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("own.db*"))
    assert b"knowledge_chunks" in raw, "this is the database"
    for what, canary in CANARIES.items():
        for encoding in ("utf-8", "utf-16-le", "cp1251"):
            assert canary.encode(encoding) not in raw, what
    assert CANARIES["phone"].removeprefix("+").encode() not in raw


def test_bodies_cannot_be_moved_between_messages(database: Database) -> None:
    with database.unit_of_work() as uow:
        talk = conversation(uow)
        mine = uow.messages.send(1, "mine", author=Author.AI, conversation=talk)
        yours = uow.messages.send(1, "yours", author=Author.AI, conversation=talk)
        mine.body, yours.body = yours.body, mine.body
    with database.reading() as uow:
        assert uow.messages.history(talk.id, 10) == [], "what does not open is left out"
        with pytest.raises(TamperedError):
            uow.messages.opened(message(database, mine.id))


def test_bodies_cannot_be_moved_between_updates(database: Database) -> None:
    with database.unit_of_work() as uow:
        uow.inbox.accept([NewUpdate(1, 1, "say", "one"), NewUpdate(2, 1, "say", "two")])
        rows = {row.update_id: row for row in uow.session.query(InboxRow).filter_by(bot_id=database.bot_id)}
        rows[1].body, rows[2].body = rows[2].body, rows[1].body
    with database.unit_of_work() as uow:
        claimed = uow.inbox.claim(uow.users.lock_chats([1]), 30)
    assert len(claimed) == 2
    for claim in claimed:
        with database.reading() as uow, pytest.raises(TamperedError):
            uow.inbox.opened(claim)


def test_phones_and_names_cannot_be_moved_between_people_or_columns(database: Database) -> None:
    with database.unit_of_work() as uow:
        mine, yours = person(uow, 1), person(uow, 2)
        uow.users.set_phone(mine, CANARIES["phone"], Tier.CONFIRMED)
        yours.phone = mine.phone
        mine.profile = mine.phone
        with pytest.raises(TamperedError):
            uow.users.phone(yours)
        with pytest.raises(TamperedError):
            uow.users.profile(mine)


def test_a_body_of_another_bot_does_not_open(database: Database) -> None:
    other = another_bot(database.engine)
    for bot in (database, other):
        with bot.unit_of_work() as uow:
            uow.inbox.accept([NewUpdate(1, 1, "say", "mine")])
    with database.unit_of_work() as uow:
        [mine] = uow.inbox.claim(uow.users.lock_chats([1]), 30)
        stolen = update(InboxRow).where(InboxRow.bot_id == other.bot_id).values(body=mine.sealed)
        uow.session.execute(stolen)
    with other.unit_of_work() as uow:
        [theirs] = uow.inbox.claim(uow.users.lock_chats([1]), 30)
        with pytest.raises(TamperedError):
            uow.inbox.opened(theirs)


def test_old_rows_are_read_after_a_new_key_came_and_not_after_the_old_one_went(database: Database) -> None:
    fill(database)
    new = generate_key()

    def keyed(*keys: str) -> Database:
        return Database(database.engine, database.bot_id, Vault(Keyring(keys), BlindIndex(INDEX_KEY)))

    def read(bot: Database) -> tuple[str | None, str]:
        with bot.reading() as uow:
            user, talk = uow.users.get(1), uow.conversations.open_for(1)
            assert user
            assert talk
            return uow.users.phone(user), uow.messages.unanswered(talk.id)[0].body

    rotated = keyed(new, KEY)
    assert read(rotated) == (CANARIES["phone"], CANARIES["question"])
    with rotated.unit_of_work() as uow:
        user = uow.users.get(1)
        assert user
        uow.users.set_profile(user, "Кеша")
    with keyed(new).reading() as uow:
        user = uow.users.get(1)
        assert user
        assert uow.users.profile(user) == "Кеша", "what is written anew is sealed with the new key"
    with pytest.raises(UnknownKeyError):
        read(keyed(new))


def test_tokens_of_one_text_differ(database: Database) -> None:
    with database.unit_of_work() as uow:
        first, second = (uow.messages.send(1, "same", author=Author.SYSTEM) for _ in range(2))
        assert first.body != second.body
        assert (first.state, second.state) == (Delivery.PENDING, Delivery.PENDING)
        assert uow.messages.opened(first) == uow.messages.opened(second) == "same"
