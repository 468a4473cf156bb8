"""Documents for customers, made at the moment at which they leave: what is kept about them, the proof of an erasure."""

import json
from uuid import UUID

from database.db import Database
from services.ports import Words
from services.privacy_rights.disclosure import disclosed
from services.privacy_rights.page import page

EXPORT, CERTIFICATE = "export", "certificate"  # what sources of documents begin with
FORMS = ("html", "json")
LARGEST = 20 * 2**20  # bytes of messages: a bot sends documents of 50 MB at most (Bot API, sendDocument)


class Papers:
    """Makes documents for a chat; there is no copy of them anywhere, so that nobody has to erase one."""

    def __init__(self, database: Database, words: Words, language: str) -> None:
        self._database = database
        self._words = words
        self._language = language

    def __call__(self, chat_id: int, source: str) -> bytes:
        """Return a document by its source: `export:<form>`, `certificate:<erasure>`; raises LookupError."""
        what, _, which = source.partition(":")
        if what == EXPORT and which in FORMS:
            return self.export(chat_id, which)
        if what == CERTIFICATE:
            with self._database.reading() as uow:
                erasure = uow.erasures.get(UUID(which))
            if erasure and erasure.certificate and erasure.telegram_id == chat_id:
                return erasure.certificate.encode()
        raise LookupError(f"there is no {what} for this chat any more")

    def export(self, telegram_id: int, form: str) -> bytes:
        """Return all that is kept about a customer as JSON or as a page; raises LookupError for nobody."""
        with self._database.reading() as uow:
            user = uow.users.get(telegram_id)
            if user is None:
                raise LookupError("there is no such customer")
            fields, language = disclosed(uow, user), user.language or self._language
        if form == "json":
            return json.dumps(fields, ensure_ascii=False, indent=1).encode()
        return page(fields, self._words, language).encode()
