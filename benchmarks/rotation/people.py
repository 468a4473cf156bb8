"""People at work while keys rotate: they read, look each other up by phone, and write."""

import random
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Self
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from benchmarks.rotation.rows import BOT, PEOPLE, phone_of
from database.db import Database
from database.models import Author, Message, User
from utils.encryption import EncryptionError


@dataclass
class People:
    """Readers and writers at work until the block ends; `reads`, `writes` count, `failed` says what went wrong."""

    database: Database
    rows: int
    reads: int = 0
    writes: int = 0
    failed: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._over = Event()
        self._threads = [Thread(target=self._work, args=(act, seed)) for seed, act in enumerate(_ACTS)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _work(self, act: str, seed: int) -> None:
        dice = random.Random(seed)
        while not self._over.wait(0.005):
            try:
                getattr(self, act)(dice.randrange(self.rows))
            except (EncryptionError, SQLAlchemyError, ValueError) as error:
                self.failed.append(f"{act}: {type(error).__name__} {error}")

    def reads_words(self, number: int) -> None:
        """Open a message."""
        with self.database.reading() as uow:
            mine = select(Message).where(Message.bot_id == BOT, Message.chat_id == number + 1).limit(1)
            row = uow.session.scalars(mine.order_by(Message.id)).one()
            _same(uow.messages.opened(row), f"Words {number}")
        self.reads += 1

    def finds_phone(self, number: int) -> None:
        """Find a person by the phone, under whichever key it is indexed."""
        number -= number % PEOPLE
        with self.database.reading() as uow:
            digests = self.database.vault.index.candidates(phone_of(number))
            found = uow.session.scalars(select(User).where(User.bot_id == BOT, User.phone_index.in_(digests))).one()
            _same(uow.users.phone(found), phone_of(number))
        self.reads += 1

    def writes_name(self, number: int) -> None:
        """Give a person another name, and say something."""
        number -= number % PEOPLE
        with self.database.unit_of_work() as uow:
            [user] = uow.users.hold([number + 1])
            uow.users.set_profile(user, f"Person {number} {uuid4()}")
            uow.messages.send(number + 1, "Hello", author=Author.AI)
        self.writes += 1


_ACTS = ("reads_words", "finds_phone", "writes_name")


def _same(read: str | None, wanted: str) -> None:
    if read != wanted:
        raise ValueError(f"read {read!r} instead of {wanted!r}")
