"""Rows under old keys: messages, and people with phones that a blind index finds."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from sqlalchemy import insert

from database.db import Database
from database.engine import make_engine
from database.models import Author, Delivery, Message, User
from database.queries.scope import Vault
from utils.encryption import BlindIndex, Keyring

BOT = 424_242
PEOPLE = 10  # rows of messages for one of a person
_CHUNK = 5_000


@dataclass(frozen=True)
class Keys:
    """Keys of sealing and of the blind index, old and new."""

    old: str
    new: str
    old_index: str
    new_index: str

    def before(self) -> Vault:
        """Return the keys as they were."""
        return Vault(Keyring([self.old]), BlindIndex(self.old_index))

    def meanwhile(self) -> Vault:
        """Return the keys of processes that run while they rotate."""
        return Vault(Keyring([self.new, self.old]), BlindIndex(self.new_index, self.old_index))

    def after(self) -> Vault:
        """Return the keys once the old ones are gone."""
        return Vault(Keyring([self.new]), BlindIndex(self.new_index))

    def environment(self, url: str, storage: Path) -> Mapping[str, str]:
        """Return the settings of `manage.py` while they rotate."""
        own = {"ENCRYPTION_KEY": f"{self.new},{self.old}", "BLIND_INDEX_KEY": f"{self.new_index},{self.old_index}"}
        there = {"DATABASE_URL": url, "STORAGE_DIR": str(storage), "BOT_TOKEN": f"{BOT}:{'A' * 35}"}
        return {**os.environ, **own, **there}


def phone_of(number: int) -> str:
    """Return the phone of a person."""
    return f"+7912{number:07}"


def fill(url: str, vault: Vault, rows: int) -> None:
    """Write so many messages of people with phones, sealed and indexed with some keys."""
    database = Database(make_engine(url), BOT, vault)
    with database.unit_of_work() as uow:
        uow.roles.ensure_bot()
    for start in range(0, rows, _CHUNK):
        numbers = range(start, min(start + _CHUNK, rows))
        people = [_person(vault, number) for number in numbers if number % PEOPLE == 0]
        messages = [_message(vault, number) for number in numbers]
        with database.unit_of_work() as uow:
            uow.session.execute(insert(User), people)
            uow.session.execute(insert(Message), messages)
    database.engine.dispose()


def _person(vault: Vault, number: int) -> dict[str, object]:
    key = uuid4()
    sealed = {"phone": phone_of(number), "profile": f"Person {number}"}
    return {
        **{name: vault.seal(text, f"users:{key}:{name}") for name, text in sealed.items()},
        "id": key,
        "bot_id": BOT,
        "telegram_id": number + 1,
        "phone_index": vault.index.of(phone_of(number)),
    }


def _message(vault: Vault, number: int) -> dict[str, object]:
    key, said = uuid4(), {"chat_id": number + 1, "author": Author.CUSTOMER, "state": Delivery.RECEIVED}
    return {**said, "bot_id": BOT, "uid": key, "body": vault.seal(f"Words {number}", f"messages:{key}:body")}
