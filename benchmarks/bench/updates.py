"""Raw updates as Telegram sends them, made in any number."""

from collections.abc import Iterator
from itertools import count
from typing import Any

_PEOPLE = 500


def raw_updates(start: int = 1) -> Iterator[dict[str, Any]]:
    """Return questions from several hundred people, with running numbers."""
    for number in count(start):
        person = 100_000 + number % _PEOPLE
        yield {
            "update_id": number,
            "message": {
                "message_id": number,
                "date": 1_795_000_000,
                "text": "Сколько стоит обслуживание карты «Маяк»?",
                "chat": {"id": person, "type": "private", "first_name": "Анна"},
                "from": {"id": person, "is_bot": False, "first_name": "Анна", "language_code": "ru"},
            },
        }


def batches(number: int, size: int, start: int = 1) -> list[list[dict[str, Any]]]:
    """Return `number` batches of `size` raw updates."""
    updates = raw_updates(start)
    return [[next(updates) for _ in range(size)] for _ in range(number)]
