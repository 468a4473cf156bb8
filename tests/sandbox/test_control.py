"""The control API: what people do, and what becomes of wrong input."""

import base64
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sandbox.client import SandboxClient

ANNA, BORIS = 71, 72


def message_of(sandbox: SandboxClient, sent: dict[str, Any]) -> dict[str, Any]:
    update: dict[str, Any] = sandbox.result("getUpdates", offset=sent["update_id"])[0]
    message: dict[str, Any] = update["message"]
    assert message["message_id"] == sent["message_id"]
    return message


def test_text_comes_with_who_the_person_is(sandbox: SandboxClient) -> None:
    sent = sandbox.send(ANNA, text="/help me", first_name="Анна", username="anna_s", language_code="en")
    message = message_of(sandbox, sent)
    assert message["from"] == {
        "id": ANNA,
        "is_bot": False,
        "first_name": "Анна",
        "username": "anna_s",
        "language_code": "en",
    }
    assert message["chat"] == {"id": ANNA, "type": "private", "first_name": "Анна", "username": "anna_s"}
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 5}]


def test_contacts_own_and_foreign(sandbox: SandboxClient) -> None:
    sandbox.describe(ANNA, phone_number="+79001112233", first_name="Анна")
    own = message_of(sandbox, sandbox.send(ANNA, contact="self"))["contact"]
    assert own == {"phone_number": "+79001112233", "first_name": "Анна", "user_id": ANNA}
    card = {"phone_number": "+79005556677", "user_id": BORIS}
    foreign = message_of(sandbox, sandbox.send(ANNA, contact=card))["contact"]
    assert (foreign["phone_number"], foreign["user_id"]) == ("+79005556677", BORIS)


@pytest.mark.parametrize("kind", ["photo", "voice", "document"])
def test_a_file_can_be_fetched_by_the_bot(sandbox: SandboxClient, kind: str) -> None:
    file = {
        "kind": kind,
        "name": "scan.pdf",
        "base64": base64.b64encode(b"content").decode(),
        "caption": "see",
    }
    message = message_of(sandbox, sandbox.send(ANNA, file=file))
    assert message["caption"] == "see"
    held = message[kind][-1] if kind == "photo" else message[kind]
    path = sandbox.result("getFile", file_id=held["file_id"])["file_path"]
    assert sandbox.request("GET", f"/file/bot{sandbox.bot_token}/{path}").content == b"content"
    assert sandbox.request("GET", f"/file/bot1:wrong/{path}").status_code == 401


def test_stickers_polls_and_places(sandbox: SandboxClient) -> None:
    assert message_of(sandbox, sandbox.send(ANNA, sticker="👍"))["sticker"]["emoji"] == "👍"
    poll = message_of(sandbox, sandbox.send(ANNA, poll={"question": "Why?", "options": ["a", "b"]}))["poll"]
    assert [option["text"] for option in poll["options"]] == ["a", "b"]
    location = {"latitude": 55.75, "longitude": 37.6}
    assert message_of(sandbox, sandbox.send(ANNA, location=location))["location"] == location


def test_an_own_message_is_edited(sandbox: SandboxClient) -> None:
    message_id = sandbox.send(ANNA, text="helo")["message_id"]
    sent = sandbox.send(ANNA, edit={"message_id": message_id, "text": "hello"})
    update = sandbox.result("getUpdates", offset=sent["update_id"])[0]["edited_message"]
    assert (update["message_id"], update["text"], update["edit_date"] > 0) == (message_id, "hello", True)
    (seen,) = sandbox.chat(ANNA)["messages"]
    assert (seen["text"], seen["edited"], seen["from"]) == ("hello", True, "user")


def test_a_deep_link_starts_the_bot(sandbox: SandboxClient) -> None:
    assert message_of(sandbox, sandbox.send(ANNA, start="ref-1_A"))["text"] == "/start ref-1_A"


def test_replies_name_their_message(sandbox: SandboxClient) -> None:
    first = sandbox.send(ANNA, text="one")["message_id"]
    message = message_of(sandbox, sandbox.send(ANNA, text="two", reply_to=first))
    assert message["reply_to_message"]["message_id"] == first


def test_waiting_ends_with_the_message_and_not_with_mere_typing(sandbox: SandboxClient) -> None:
    sandbox.send(ANNA, text="hello")
    after = sandbox.chat(ANNA)["seq"]
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(sandbox.chat, ANNA, after, 30)
        sandbox.result("sendChatAction", chat_id=ANNA, action="typing")
        sandbox.result("sendMessage", chat_id=ANNA, text="hi")
        assert [message["text"] for message in waiting.result(timeout=25)["messages"]] == ["hi"]
    assert sandbox.chat(ANNA, sandbox.chat(ANNA)["seq"], wait=0.05)["messages"] == []


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("users/71/send", {}, 422),
        ("users/71/send", {"text": "a", "sticker": "b"}, 422),
        ("users/71/send", {"txt": "a"}, 422),
        ("users/71/send", {"text": ""}, 422),
        ("users/71/send", {"text": "x" * 4097}, 422),
        ("users/71/send", {"start": "x" * 65}, 422),
        ("users/71/send", {"start": "no spaces"}, 422),
        ("users/71/send", {"contact": "other"}, 422),
        ("users/71/send", {"file": {"kind": "photo", "base64": "***"}}, 422),
        ("users/71/send", {"file": {"kind": "photo", "base64": ""}}, 422),
        ("users/71/send", {"file": {"kind": "film", "base64": "eA=="}}, 422),
        ("users/71/send", {"button": {"message_id": 1, "data": "x"}}, 404),
        ("users/71/send", {"edit": {"message_id": 1, "text": "x"}}, 404),
        ("users/71/send", {"text": "x", "reply_to": 1}, 404),
        ("users/71/send", {"text": "x", "chat_id": -5}, 404),
        ("users/0/send", {"text": "x"}, 422),
        ("users/anna/send", {"text": "x"}, 422),
        ("nothing", {}, 404),
    ],
)
def test_wrong_input_is_refused_with_a_reason(
    sandbox: SandboxClient, path: str, body: dict[str, Any], status: int
) -> None:
    response = sandbox.request("POST", f"/control/{path}", json=body)
    assert response.status_code == status
    assert response.json()["detail"]
    assert sandbox.result("getUpdates") == []


def test_only_a_button_that_is_there_can_be_pressed(sandbox: SandboxClient) -> None:
    sandbox.send(ANNA, text="hello")
    message_id = sandbox.result("sendMessage", chat_id=ANNA, text="no buttons")["message_id"]
    button = {"button": {"message_id": message_id, "data": "x"}}
    response = sandbox.request("POST", f"/control/users/{ANNA}/send", json=button)
    assert (response.status_code, "no button" in response.json()["detail"]) == (422, True)


def test_nothing_is_known_of_groups_and_files_that_are_not_there(sandbox: SandboxClient) -> None:
    assert sandbox.request("GET", "/control/chats/-5").status_code == 404
    assert sandbox.request("GET", "/control/files/none").status_code == 404
    assert sandbox.request("PUT", "/control/limits", json={"bot_per_second": -1}).status_code == 422
    assert sandbox.request("PUT", "/control/users/71", json={"phone_number": "many"}).status_code == 422
