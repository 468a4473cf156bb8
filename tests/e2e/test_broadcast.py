"""Broadcasts: nothing leaves before the button that names the number, then everybody gets it once."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.acts import NOT_ALLOWED, TOO_LONG, press_by_hand, register, sentinel
from tests.e2e.conftest import Person, make_person
from tests.e2e.own import Place, own_place
from tests.system import ADMIN, MODERATOR, SECOND_MODERATOR, wait_until

pytestmark = pytest.mark.e2e

TEXT = "Завтра <b>отделения</b> работают до 16:00 & без перерыва"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Run an installation whose people are counted."""
    with own_place(tmp_path_factory.mktemp("broadcasts"), request.param, {}) as running:
        yield running


@pytest.fixture
def author(place: Place) -> Person:
    """Return the moderator."""
    person = place.person(MODERATOR)
    sentinel(person)
    return person


@pytest.fixture
def readers(place: Place) -> Iterator[list[Person]]:
    """Return two people who registered; they are gone after the test, so that the next one counts its own."""
    people = [make_person(place.system) for _ in range(2)]
    for person in people:
        register(person)
    yield people
    for person in people:
        _block(place, person)


def _block(place: Place, person: Person) -> None:
    """Let a person block the bot, and wait until it knows."""
    place.system.sandbox.describe(person.id, blocked=True)

    def known() -> bool:
        with place.database.reading() as uow:
            user = uow.users.get(person.id)
        return user is not None and user.blocked_at is not None

    wait_until(known, what="the bot to know of a block")


def _drafted(author: Person, number: int, text: str = TEXT) -> dict[str, Any]:
    author.says(f"/broadcast {text}")
    preview = author.sees("Рассылку получ", text)
    assert re.search(rf"получ[аи]т {number} человек", preview["text"])
    assert re.match(rf"Отправить {number} ", preview["reply_markup"]["inline_keyboard"][0][0]["text"])
    return preview


def test_everybody_who_registered_gets_it_once(place: Place, author: Person, readers: list[Person]) -> None:
    stranger, reported = make_person(place.system), len(author.texts())
    sentinel(stranger)
    preview = _drafted(author, 2)
    for person in readers:
        sentinel(person)
        assert TEXT not in person.texts()
    author.presses(preview)
    author.sees("Рассылка началась: 2 получателя.")
    author.presses(preview)
    author.sees("Эта рассылка уже отправлена или отменена.")
    author.sees("Рассылка закончена", "Всего получателей: 2", "Доставлено: 2", "Не доставлено: 0")
    place.wait_quiet()
    for person, times in ((readers[0], 1), (readers[1], 1), (stranger, 0)):
        sentinel(person)
        assert person.texts().count(TEXT) == times
    assert sum("Рассылка закончена" in text for text in author.texts()[reported:]) == 1


def test_the_text_may_stand_on_the_next_line(author: Person, readers: list[Person]) -> None:
    assert readers
    author.says("/broadcast\nЗавтра\nотделения закрыты")
    author.sees("Рассылку получ", "Завтра\nотделения закрыты")


def test_a_cancelled_one_reaches_nobody(author: Person, readers: list[Person]) -> None:
    preview = _drafted(author, 2)
    author.presses(preview, 1)
    author.sees("Рассылка отменена, никто ничего не получил.")
    author.presses(preview)
    author.sees("Эта рассылка уже отправлена или отменена.")
    for person in readers:
        sentinel(person)
        assert TEXT not in person.texts()


def test_the_draft_of_somebody_else_is_not_theirs_to_send(place: Place, author: Person, readers: list[Person]) -> None:
    data = _drafted(author, 2)["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    for number, answer in ((SECOND_MODERATOR, "Среди ваших рассылок такой нет."), (None, NOT_ALLOWED)):
        other = place.person(number)
        sentinel(other)
        press_by_hand(other, data)
        other.sees(answer)
    for person in readers:
        sentinel(person)
        assert TEXT not in person.texts()


def test_one_who_blocked_the_bot_is_left_out(place: Place, author: Person, readers: list[Person]) -> None:
    gone, there = readers
    _block(place, gone)
    author.presses(_drafted(author, 1))
    author.sees("Рассылка закончена", "Всего получателей: 1", "Доставлено: 1", "Не доставлено: 0")
    there.sees(TEXT)


def test_the_report_counts_failures(place: Place, author: Person, readers: list[Person]) -> None:
    preview = _drafted(author, 2)
    place.system.sandbox.faults({"method": "sendMessage", "kind": "status", "status": 403, "chat_id": readers[0].id})
    author.presses(preview)
    author.sees("Рассылка закончена", "Всего получателей: 2", "Доставлено: 1", "Не доставлено: 1")
    place.system.sandbox.faults()
    readers[1].sees(TEXT)
    author.says(f"/broadcast {TEXT}")
    author.sees("Рассылку получит 1 человек.")
    readers[0].says("/privacy")  # whoever writes has not blocked the bot
    readers[0].sees("Что мы о вас храним")
    _drafted(author, 2)


def test_a_draft_needs_a_text_and_somebody_to_read_it(author: Person) -> None:
    author.says("/broadcast")
    author.sees("Напишите текст сразу после команды")
    author.says("/broadcast " + "в" * 2001)
    author.sees(TOO_LONG)
    author.says(f"/broadcast {TEXT}")
    author.sees("Рассылать пока некому")


def test_secrets_are_masked_in_a_broadcast(author: Person, readers: list[Person]) -> None:
    assert readers
    author.says("/broadcast Карта 4111 1111 1111 1111 снова работает")
    author.sees("Рассылку получ", "Карта •••• 1111 снова работает")


def test_customers_and_the_revoked_are_refused_with_the_reason(place: Place, readers: list[Person]) -> None:
    readers[0].says(f"/broadcast {TEXT}")
    readers[0].sees(NOT_ALLOWED)
    admin = place.person(ADMIN)
    sentinel(admin)
    preview = _drafted(admin, 2)
    place.system.manage("revoke", "admin", str(ADMIN))
    admin.presses(preview)
    admin.sees(NOT_ALLOWED)
    place.system.manage("grant", "admin", str(ADMIN))
    for person in readers:
        sentinel(person)
        assert TEXT not in person.texts()
