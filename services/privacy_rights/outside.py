"""What of a customer lies outside the database: sealed files in storage, replies of a while ago in the cache."""

from collections.abc import Sequence

from database.db import UnitOfWork
from database.models import User
from services.cache import Answers
from services.ports import Library
from services.sealed_files import key_of
from services.storage import ObjectStore

_CACHED, _STORED = "cache:", "storage:"


class Outside:
    """Names such things while the rows are there that lead to them, and takes them away when those have gone."""

    def __init__(self, storage: ObjectStore, answers: Answers, library: Library) -> None:
        self._storage = storage
        self._answers = answers
        self._library = library

    def names(self, uow: UnitOfWork, user: User, language: str) -> list[str]:
        """Return the names of all that has to go; nothing in them is personal."""
        customer = uow.personal.customer(user)
        stored = [key_of(uow.scope.bot_id, uid) for uid in uow.personal.files(customer)]
        lately = uow.personal.said_lately(customer, self._answers.seconds)
        cached = self._answers.places(lately, language, self._library.version) if lately else []
        return [*(_STORED + key for key in stored), *(_CACHED + key for key in cached)]

    def clear(self, names: Sequence[str]) -> None:
        """Take things away by their names, those that are gone already too; raises StorageError."""
        for name in names:
            if name.startswith(_STORED):
                self._storage.remove(name.removeprefix(_STORED))
            else:
                self._answers.forget(name.removeprefix(_CACHED))
