"""Webhook delivery: the secret, retries, order within a chat and what getWebhookInfo tells."""

import json
import queue
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from sandbox.client import SandboxClient

ANNA, BORIS = 71, 72
ENOUGH = 30.0  # seconds, for a machine that stands still now and then


class Receiver(ThreadingHTTPServer):
    """A bot's address: keeps what is posted, answers with the statuses that are lined up, then with 200."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.posts: queue.Queue[tuple[dict[str, Any], str | None]] = queue.Queue()
        self.statuses: queue.Queue[int] = queue.Queue()
        self.hold = threading.Event()
        self.hold.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"

    def next_text(self) -> str:
        update, _ = self.posts.get(timeout=ENOUGH)
        return str(update["message"]["text"])


class Handler(BaseHTTPRequestHandler):
    """Answers one post."""

    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.put((json.loads(body), self.headers["X-Telegram-Bot-Api-Secret-Token"]))
        self.server.hold.wait(ENOUGH)
        status = 200 if self.server.statuses.empty() else self.server.statuses.get()
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.hold.set()
        server.shutdown()
        thread.join()


def wait_until_delivered(sandbox: SandboxClient) -> None:
    deadline = time.monotonic() + ENOUGH
    while sandbox.result("getWebhookInfo")["pending_update_count"]:
        assert time.monotonic() < deadline, "updates are still pending"


def test_updates_are_posted_with_the_secret(sandbox: SandboxClient, receiver: Receiver) -> None:
    sandbox.result("setWebhook", url=receiver.url, secret_token="s-e_cret")
    update_id = sandbox.send(ANNA, text="hello")["update_id"]
    update, secret = receiver.posts.get(timeout=ENOUGH)
    assert (update["update_id"], update["message"]["text"], secret) == (update_id, "hello", "s-e_cret")
    wait_until_delivered(sandbox)


def test_what_was_pending_before_comes_first(sandbox: SandboxClient, receiver: Receiver) -> None:
    sandbox.send(ANNA, text="before")
    sandbox.result("setWebhook", url=receiver.url)
    sandbox.send(ANNA, text="after")
    assert [receiver.next_text(), receiver.next_text()] == ["before", "after"]


def test_an_update_is_repeated_until_it_is_taken_and_keeps_its_place(
    sandbox: SandboxClient, receiver: Receiver
) -> None:
    for status in (500, 403):
        receiver.statuses.put(status)
    sandbox.result("setWebhook", url=receiver.url)
    sandbox.send(ANNA, text="first")
    sandbox.send(ANNA, text="second")
    assert [receiver.next_text() for _ in range(4)] == ["first", "first", "first", "second"]
    info = sandbox.result("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 403 Forbidden"
    assert info["last_error_date"] <= time.time()


def test_one_chat_waits_for_its_answer_while_others_go_on(sandbox: SandboxClient, receiver: Receiver) -> None:
    receiver.hold.clear()
    sandbox.result("setWebhook", url=receiver.url)
    for person, text in ((ANNA, "a1"), (ANNA, "a2"), (BORIS, "b1")):
        sandbox.send(person, text=text)
    assert {receiver.next_text(), receiver.next_text()} == {"a1", "b1"}
    assert receiver.posts.empty()
    assert sandbox.result("getWebhookInfo")["pending_update_count"] == 3
    receiver.hold.set()
    assert receiver.next_text() == "a2"


def test_max_connections_is_kept(sandbox: SandboxClient, receiver: Receiver) -> None:
    receiver.hold.clear()
    sandbox.result("setWebhook", url=receiver.url, max_connections=1)
    sandbox.send(ANNA, text="a1")
    sandbox.send(BORIS, text="b1")
    assert receiver.next_text() == "a1"
    assert receiver.posts.empty()
    receiver.hold.set()
    assert receiver.next_text() == "b1"


def test_an_address_where_nobody_listens_is_reported_and_nothing_is_lost(sandbox: SandboxClient) -> None:
    sandbox.result("setWebhook", url="http://127.0.0.1:9/hook")
    sent = sandbox.send(ANNA, text="hello")["update_id"]
    deadline = time.monotonic() + ENOUGH
    while "last_error_message" not in (info := sandbox.result("getWebhookInfo")):
        assert time.monotonic() < deadline, "the failure was not noticed"
    assert (info["last_error_message"], info["pending_update_count"]) == ("Connection refused", 1)
    sandbox.result("deleteWebhook")
    assert [update["update_id"] for update in sandbox.result("getUpdates")] == [sent]


def test_deleting_with_drop_forgets_what_is_pending(sandbox: SandboxClient) -> None:
    sandbox.send(ANNA, text="hello")
    sandbox.result("deleteWebhook", drop_pending_updates=True)
    assert sandbox.result("getUpdates") == []


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"url": "ftp://example.com"}, "bad webhook"),
        ({"url": "https://example.com", "secret_token": "not allowed!"}, "secret token contains"),
        ({"url": "https://example.com", "max_connections": 101}, "max_connections"),
    ],
)
def test_wrong_settings_are_refused(sandbox: SandboxClient, params: dict[str, Any], description: str) -> None:
    answer = sandbox.call("setWebhook", **params)
    assert answer["error_code"] == 400
    assert description in answer["description"]


def test_the_webhook_outlives_a_reset(sandbox: SandboxClient, receiver: Receiver) -> None:
    sandbox.result("setWebhook", url=receiver.url)
    sandbox.reset()
    sandbox.send(ANNA, text="afresh")
    assert receiver.next_text() == "afresh"
