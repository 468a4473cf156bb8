"""Broadcasts: nothing leaves before the button that names the number, then everybody gets it once."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.acts import NOT_ALLOWED, may_broadcast, press_by_hand, register, sentinel
from tests.e2e.conftest import Person, make_person
from tests.e2e.own import Place, own_place
from tests.e2e.test_media import file
from tests.system import ADMIN, MODERATOR, SECOND_MODERATOR, wait_until

pytestmark = pytest.mark.e2e

TYPED = "Завтра <b>отделения</b> работают до 16:00 & без перерыва"
TEXT = "Завтра отделения работают до 16:00 & без перерыва"
ENDED = ("Рассылка", "закончена")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Run an installation whose people are counted."""
    with own_place(tmp_path_factory.mktemp("broadcasts"), request.param, {"BROADCAST_APPROVAL_ABOVE": "2"}) as running:
        yield running


@pytest.fixture
def author(place: Place) -> Person:
    """Return the moderator, who has no draft: each time the newest goes, of which an earlier test may have left two."""
    person, gone = place.person(MODERATOR), False
    while not gone:
        before = person.moment()
        person.says("/cancel")
        sentinel(person)
        gone = "Отменять сейчас нечего." in person.texts(before)
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


def _drafted(author: Person, number: int, text: str = TYPED) -> dict[str, Any]:
    author.says(f"/broadcast {text}")
    card = author.sees("Рассылку получ", TEXT if text == TYPED else text)
    assert re.search(rf"получ[аи]т {number} человек", card["text"])
    assert re.match(rf"Отправить {number} ", card["reply_markup"]["inline_keyboard"][0][0]["text"])
    return card


def test_everybody_who_registered_gets_it_once(place: Place, author: Person, readers: list[Person]) -> None:
    stranger, before = make_person(place.system), author.moment()
    sentinel(stranger)
    card = _drafted(author, 2)
    for person in readers:
        sentinel(person)
        assert TEXT not in person.texts()
    author.presses(card)
    author.sees(*ENDED, "Всего в списке: 2", "Доставлено: 2", "Не доставлено: 0")
    press_by_hand(author, card["reply_markup"]["inline_keyboard"][0][0]["callback_data"])
    author.sees("Так уже не выйдет: рассылка сейчас «закончена».")
    place.wait_quiet()
    for person, times in ((readers[0], 1), (readers[1], 1), (stranger, 0)):
        sentinel(person)
        assert person.texts().count(TEXT) == times
    assert sum("Всего в списке" in text for text in author.texts(before)) == 1
    *_, document = [one for one in place.system.sandbox.chat(author.id)["messages"] if one["kind"] == "document"]
    assert document["content"]["file_name"].endswith(".csv")
    table = place.system.sandbox.request("GET", f"/control/files/{document['content']['file_id']}").text.splitlines()
    assert sorted(line.split(",")[:2] for line in table[1:]) == sorted([str(one.id), "sent"] for one in readers)


def test_a_dialogue_with_photo_link_segment_and_approval(place: Place, author: Person, readers: list[Person]) -> None:
    """The whole way of one that needs a second person."""
    third, supervisor = make_person(place.system), place.person(ADMIN)
    register(third)
    sentinel(supervisor)
    author.says("/broadcast")
    author.sees("Пришлите сообщение таким")
    author.does(file=file("photo", "<b>Новое</b> отделение"), html=True)
    card = author.sees("Новое отделение", "Рассылку получат 3 человека")
    author.presses(card, 2)
    author.sees("Пришлите кнопки-ссылки")
    author.says("Карта - https://bank.example/map")
    card = author.sees("🔗 Карта")
    author.presses(card)
    author.sees("ждёт согласования")
    question = supervisor.sees("просит согласовать")
    supervisor.presses(question)
    author.sees("Рассылку согласовали")
    author.sees("Всего в списке: 3", "Доставлено: 3")
    for person in (*readers, third):
        got = person.sees("Новое отделение")
        assert (got["kind"], got["html"]) == ("photo", "<b>Новое</b> отделение")
        [[link], [way_out]] = got["reply_markup"]["inline_keyboard"]
        assert (link["url"], way_out["text"]) == ("https://bank.example/map", "Не присылать рекламу")
    third.presses(got, 1)
    third.sees("Рекламы больше не будет")
    _block(place, third)


def test_a_cancelled_one_reaches_nobody(author: Person, readers: list[Person]) -> None:
    card = _drafted(author, 2)
    author.says("/cancel")
    author.sees("Черновик удалён, никто ничего не получил.")
    author.presses(card)
    author.sees("Так уже не выйдет: рассылка сейчас «отменена».")
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


def test_one_who_blocked_the_bot_is_left_out_until_they_write(
    place: Place, author: Person, readers: list[Person]
) -> None:
    card = _drafted(author, 2)
    place.system.sandbox.faults({"method": "sendMessage", "kind": "status", "status": 403, "chat_id": readers[0].id})
    author.presses(card)
    author.sees(*ENDED, "Всего в списке: 2", "Доставлено: 1", "Заблокировали бота: 1")
    place.system.sandbox.faults()
    readers[1].sees(TEXT)
    _drafted(author, 1)
    readers[0].says("/privacy")  # whoever writes has not blocked the bot
    readers[0].sees("Что мы о вас храним")
    _drafted(author, 2)


def test_who_wants_no_marketing_gets_none(author: Person, readers: list[Person]) -> None:
    readers[0].says("/unsubscribe")
    readers[0].sees("Рекламы больше не будет")
    author.presses(_drafted(author, 1))
    author.sees(*ENDED, "Доставлено: 1", "Отказались от рекламы: 1")
    readers[1].sees(TEXT)
    sentinel(readers[0])
    assert TEXT not in readers[0].texts()


def test_mistakes_are_told(author: Person) -> None:
    author.says("/broadcast <b>Завтра")
    author.sees("Разметку не разобрать: строка 1, <b>")
    author.says("/broadcast Завтра")
    author.presses(author.sees("Рассылку получат 0 человек"))
    author.sees("Под эти условия никто не подходит")


def test_secrets_are_masked_in_a_broadcast(author: Person, readers: list[Person]) -> None:
    assert readers
    author.says("/broadcast Карта 4111 1111 1111 1111 снова работает")
    author.sees("Рассылку получ", "Карта •••• 1111 снова работает")


def test_customers_and_the_revoked_are_refused_with_the_reason(place: Place, readers: list[Person]) -> None:
    readers[0].says(f"/broadcast {TYPED}")
    readers[0].sees(NOT_ALLOWED)
    hired = place.person()
    place.system.manage("grant", "moderator", str(hired.id))
    wait_until(lambda: may_broadcast(hired), what="the role to work")
    card = _drafted(hired, 2)
    place.system.manage("revoke", "moderator", str(hired.id))
    hired.presses(card)
    hired.sees(NOT_ALLOWED)
    for person in readers:
        sentinel(person)
        assert TEXT not in person.texts()
