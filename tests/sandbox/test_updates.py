"""getUpdates: offsets, limits, time-outs and conflicts."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor

from sandbox.client import SandboxClient

ANNA = 71
ENOUGH = 25.0  # seconds; less than the polls of 30 that something else has to end


def poll_ids(sandbox: SandboxClient, **params: object) -> list[int]:
    return [update["update_id"] for update in sandbox.result("getUpdates", **params)]


def wait_for_call(sandbox: SandboxClient, method: str, count: int = 1) -> None:
    """Wait until the journal has so many calls of a method."""
    deadline = time.monotonic() + ENOUGH
    while sum(entry.get("method") == method for entry in sandbox.journal()) < count:
        assert time.monotonic() < deadline, f"{method} was not called"


def test_updates_come_again_until_a_higher_offset_confirms_them(sandbox: SandboxClient) -> None:
    sent = [sandbox.send(ANNA, text=f"message {number}")["update_id"] for number in range(3)]
    assert poll_ids(sandbox) == sent
    assert poll_ids(sandbox) == sent
    assert poll_ids(sandbox, offset=sent[1]) == sent[1:]
    assert poll_ids(sandbox) == sent[1:]
    assert poll_ids(sandbox, offset=sent[2] + 1) == []


def test_a_negative_offset_forgets_all_but_the_last(sandbox: SandboxClient) -> None:
    sent = [sandbox.send(ANNA, text=f"message {number}")["update_id"] for number in range(4)]
    assert poll_ids(sandbox, offset=-2) == sent[2:]
    assert poll_ids(sandbox) == sent[2:]
    assert poll_ids(sandbox, offset=-100) == sent[2:]


def test_limit_is_kept_between_1_and_100(sandbox: SandboxClient) -> None:
    for number in range(102):
        sandbox.send(ANNA, text=f"message {number}")
    assert len(poll_ids(sandbox, limit=1)) == 1
    assert len(poll_ids(sandbox)) == 100
    assert len(poll_ids(sandbox, limit=1000)) == 100


def test_a_poll_waits_for_an_update_and_gives_it_at_once(sandbox: SandboxClient) -> None:
    with ThreadPoolExecutor(1) as pool:
        poll = pool.submit(poll_ids, sandbox, timeout=30)
        wait_for_call(sandbox, "getUpdates")
        sent = sandbox.send(ANNA, text="hello")["update_id"]
        assert poll.result(timeout=ENOUGH) == [sent]


def test_a_poll_with_nothing_to_give_ends_empty_after_its_timeout(sandbox: SandboxClient) -> None:
    begun = time.monotonic()
    assert poll_ids(sandbox, timeout=1) == []
    assert 0.9 < time.monotonic() - begun < ENOUGH


def test_a_newer_poll_ends_the_older_with_409(sandbox: SandboxClient) -> None:
    with ThreadPoolExecutor(1) as pool:
        older = pool.submit(sandbox.call, "getUpdates", timeout=30)
        wait_for_call(sandbox, "getUpdates")
        assert poll_ids(sandbox) == []
        answer = older.result(timeout=ENOUGH)
    assert answer["error_code"] == 409
    assert answer["description"].startswith("Conflict: terminated by other getUpdates request")


def test_a_webhook_ends_polling_and_refuses_it(sandbox: SandboxClient) -> None:
    with ThreadPoolExecutor(1) as pool:
        older = pool.submit(sandbox.call, "getUpdates", timeout=30)
        wait_for_call(sandbox, "getUpdates")
        sandbox.result("setWebhook", url="http://127.0.0.1:9/hook")
        assert older.result(timeout=ENOUGH)["description"] == "Conflict: terminated by setWebhook request"
    refused = sandbox.call("getUpdates")
    assert refused["error_code"] == 409
    assert refused["description"].startswith("Conflict: can't use getUpdates method while webhook is active")
    sandbox.result("deleteWebhook")
    assert poll_ids(sandbox) == []


def test_allowed_updates_choose_what_is_queued_and_are_remembered(sandbox: SandboxClient) -> None:
    sandbox.result("getUpdates", allowed_updates=["edited_message"])
    sent = sandbox.send(ANNA, text="first")
    assert sent["update_id"] is None
    edited = sandbox.send(ANNA, edit={"message_id": sent["message_id"], "text": "second"})["update_id"]
    assert poll_ids(sandbox) == [edited]


def test_update_and_message_ids_only_grow_even_over_a_reset(sandbox: SandboxClient) -> None:
    before = sandbox.send(ANNA, text="before")
    seq = sandbox.chat(ANNA)["seq"]
    sandbox.reset()
    assert poll_ids(sandbox) == []
    after = sandbox.send(ANNA, text="after")
    assert after["update_id"] > before["update_id"]
    assert after["message_id"] > before["message_id"]
    assert sandbox.chat(ANNA)["seq"] > seq
    assert [message["text"] for message in sandbox.chat(ANNA)["messages"]] == ["after"]


def test_the_journal_tells_calls_and_updates_in_order(sandbox: SandboxClient) -> None:
    sent = sandbox.send(ANNA, text="hello")["update_id"]
    sandbox.result("getUpdates")
    sandbox.result("sendMessage", chat_id=ANNA, text="hi")
    sandbox.call("sendMessage", chat_id=ANNA, text="")
    poll, update, reply, refused = sandbox.journal()
    assert (poll["method"], update["kind"], update["update_id"]) == ("getUpdates", "update", sent)
    assert update["update"]["message"]["text"] == "hello"
    assert (reply["chat_id"], reply["params"]["text"], reply["effect"]) == (ANNA, "hi", True)
    assert (refused["effect"], refused["answered"], refused["status"]) == (False, "yes", 400)
    assert sandbox.journal(after=reply["n"]) == [refused]


def test_a_poll_whose_client_left_gives_nothing_away(sandbox: SandboxClient) -> None:
    host, port = sandbox.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        path = f"/bot{sandbox.bot_token}/getUpdates?timeout=30"
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        wait_for_call(sandbox, "getUpdates")
    deadline = time.monotonic() + ENOUGH
    while sandbox.journal()[0]["answered"] == "pending":
        assert time.monotonic() < deadline, "the sandbox did not notice that its client left"
    sent = sandbox.send(ANNA, text="hello")["update_id"]
    assert not [entry for entry in sandbox.journal() if entry["kind"] == "update"]
    assert poll_ids(sandbox) == [sent]
