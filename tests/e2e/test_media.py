"""Every kind of message crosses between customer and moderator, both ways, or is refused in clear words."""

import base64
from typing import Any

import pytest

from tests.e2e.acts import call, free, meet, name, sentinel
from tests.e2e.conftest import Person
from tests.e2e.own import FACT, QUESTION

pytestmark = pytest.mark.e2e

PIXEL = base64.b64encode(
    base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
).decode()


@pytest.fixture(autouse=True)
def _free(moderator: Person, second_moderator: Person) -> None:
    """Begin each test with moderators whom the bot knows and who are with nobody."""
    for person in (moderator, second_moderator):
        free(person)


def file(kind: str, caption: str = "", filename: str | None = None) -> dict[str, Any]:
    return {"kind": kind, "base64": PIXEL, "caption": caption, "name": filename}


def shown(person: Person, count: int, *, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
    """Wait for so many messages of the bot of some kinds that this person did not see yet; return them in order.

    What says whose chat it is does not count: it comes, and goes, within a second of whatever else.
    """

    def wanted(message: dict[str, Any]) -> bool:
        heading = message["deleted"] or message["text"].startswith("📌")
        return message["from"] == "bot" and message["kind"] in kinds and not heading

    found: list[dict[str, Any]] = []
    while len(found) < count:
        message = person.system.sandbox.wait_for(person.id, wanted, person.seen, 60)
        person.seen = message["seq"]
        found.append(message)
    return found


def of(person: Person, number: int) -> dict[str, Any]:
    """Return a message as it stands in a person's chat."""
    messages = person.system.sandbox.chat(person.id)["messages"]
    found: dict[str, Any] = next(message for message in messages if message["message_id"] == number)
    return found


def bytes_of(person: Person, message: dict[str, Any]) -> bytes:
    content = message["content"]
    held = content[-1] if isinstance(content, list) else content
    return person.system.sandbox.request("GET", f"/control/files/{held['file_id']}").content


def test_every_kind_crosses_both_ways(customer: Person, moderator: Person) -> None:
    meet(customer, moderator)
    before = customer.system.sandbox.journal()[-1]["n"]
    for speaker, listener in ((customer, moderator), (moderator, customer)):
        head, protected = f"{name(speaker)}", speaker is moderator
        speaker.does(text="Смотрите <b>сюда</b>, <i>и <u>туда</u></i> 🐧", html=True)
        said = listener.sees(head, "Смотрите")
        assert said["html"].endswith("\nСмотрите <b>сюда</b>, <i>и <u>туда</u></i> 🐧")
        assert said["protected"] is protected
        for kind in ("photo", "document", "voice", "video", "animation", "audio"):
            speaker.does(file=file(kind, "вот <b>это</b>", "справка.pdf"), html=True)
            [seen] = shown(listener, 1, kinds=(kind,))
            assert head in seen["text"]
            assert seen["html"].endswith("\nвот <b>это</b>")
            assert seen["protected"] is protected
            assert bytes_of(listener, seen) == base64.b64decode(PIXEL)
        speaker.does(file=file("video_note"))
        speaker.does(sticker="👍")
        speaker.does(location={"latitude": 55.75, "longitude": 37.61})
        speaker.does(contact={"phone_number": "+79001234567", "first_name": "Ольга"})
        kinds = ("video_note", "sticker", "location", "contact")
        assert [message["kind"] for message in shown(listener, 4, kinds=kinds)] == list(kinds)
        speaker.does(poll={"question": "Почему?", "options": ["а", "б"]})
        speaker.sees("собеседнику не передать")
        speaker.does(dice="🎲")
        speaker.sees("собеседнику не передать")
        speaker.does(file=file("document", filename="программа.exe"))
        speaker.sees("Файлы такого вида мы не принимаем")
    calls = [
        line for line in customer.system.sandbox.journal(before) if line.get("chat_id") in {customer.id, moderator.id}
    ]
    files = [line for line in calls if str(line.get("method")).startswith("send") and line["method"] != "sendMessage"]
    assert files
    assert "http" not in str([line.get("params") for line in files])


def test_albums_stay_together_and_in_order_between_other_messages(customer: Person, moderator: Person) -> None:
    meet(customer, moderator)
    for speaker, listener in ((customer, moderator), (moderator, customer)):
        speaker.says("сейчас пришлю")
        first = speaker.does(album=[file("photo", "раз"), file("video", "два"), file("photo")])
        speaker.says("вот и всё")
        before, *album, behind = shown(listener, 5, kinds=("text", "photo", "video"))
        assert ("сейчас пришлю" in before["text"], "вот и всё" in behind["text"]) == (True, True)
        assert [message["kind"] for message in album] == ["photo", "video", "photo"]
        assert len({message["album"] for message in album} - {None}) == 1
        sentinel(listener)
        assert [message["text"].split("\n")[-1] for message in album[:2]] == ["раз", "два"]
        listener.does(text="это?", reply_to=album[1]["message_id"])
        assert speaker.sees("это?")["reply_to"] == first + 1


def test_replies_edits_and_deletions_find_what_stands_for_a_message(customer: Person, moderator: Person) -> None:
    meet(customer, moderator)
    for speaker, listener in ((customer, moderator), (moderator, customer)):
        own = speaker.says("Карта потерена")
        copy = listener.sees("Карта потерена")
        sentinel(listener)
        listener.does(text="Когда?", reply_to=copy["message_id"])
        answer = speaker.sees("Когда?")
        assert answer["reply_to"] == own
        sentinel(speaker)
        speaker.does(text="Вчера", reply_to=answer["message_id"])
        assert listener.sees("Вчера")["reply_to"] is not None
        speaker.does(edit={"message_id": own, "text": "Карта <b>потеряна</b>"}, html=True)
        changed = listener.sees("Карта потеряна")
        assert (changed["message_id"], changed["edited"]) == (copy["message_id"], True)
        photo = speaker.does(file=file("photo", "до"))
        shown(listener, 1, kinds=("photo",))
        speaker.does(edit={"message_id": photo, "text": "после"})
        listener.sees("после")  # in its place, or anew where the sending was not written down yet
    wrong = moderator.says("Это не вам")
    copy = customer.sees("Это не вам")
    sentinel(customer)
    moderator.does(text="/delete", reply_to=wrong)
    moderator.sees("Удаляем у клиента")
    sentinel(customer)
    assert of(customer, copy["message_id"])["deleted"]
    assert of(moderator, wrong)["deleted"]


def test_what_was_sent_before_waits_for_the_moderator(customer: Person, moderator: Person) -> None:
    customer.does(file=file("photo", QUESTION))
    customer.sees(FACT)
    called = call(customer, moderator)
    customer.does(file=file("document", "заявление", "заявление.pdf"))
    customer.sees("Добавили к вашему вопросу")
    moderator.presses(called)
    moderator.sees("Вы говорите с клиентом", "📄 заявление.pdf", "заявление")
    assert [message["kind"] for message in shown(moderator, 2, kinds=("photo", "document"))] == ["photo", "document"]


def test_an_answer_that_is_lost_on_its_way_brings_an_album_at_most_twice(customer: Person, moderator: Person) -> None:
    meet(customer, moderator)
    fault = {"method": "sendMediaGroup", "chat_id": moderator.id, "kind": "drop_after", "times": 1}
    customer.system.sandbox.faults(fault)
    customer.does(album=[file("photo", "раз"), file("photo", "два")])
    customer.says("конец")
    moderator.sees("конец")
    photos = [m for m in customer.system.sandbox.chat(moderator.id)["messages"] if m["kind"] == "photo"][-4:]
    assert [message["text"].split("\n")[-1] for message in photos] == ["раз", "два"] * 2
    assert len({message["album"] for message in photos}) == 2
