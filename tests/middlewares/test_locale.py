"""The language of somebody who has not chosen one: Telegram's code, where there is a catalogue for it."""

import pytest

from middlewares.chain import Incoming
from middlewares.locale import Locale
from services.access import Permission
from services.jobs import Sender


@pytest.mark.parametrize(
    ("code", "language"),
    [("en", "en"), ("en-GB", "en"), ("EN", "en"), ("ru-RU", "ru"), ("de", None), ("", None), (None, None), ("-", None)],
)
def test_codes(code: str | None, language: str | None) -> None:
    incoming = Incoming(Sender(telegram_id=1, name="Anna", language_code=code), Permission.TALK, "message")
    Locale(["en", "ru"])([incoming])
    assert incoming.sender == Sender(telegram_id=1, name="Anna", language_code=language)
