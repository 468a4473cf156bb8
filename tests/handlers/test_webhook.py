"""The webhook: 200 only after the commit, calls grouped into one commit, and everything else refused."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from telegram import Bot, Update

from handlers.http.webhook import Webhook
from handlers.telegram.reading import Unreadable
from tests.handlers.updates import raw, raw_message

SECRET, PATH = "s3cret-of-the-hook", "/hook"
HEADER = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


class Store:
    """Accepts groups, or raises."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.groups: list[list[int]] = []

    def accept(self, updates: Sequence[Update | Unreadable]) -> None:
        """Keep a group."""
        self.groups.append([update.update_id for update in updates])
        if self.error:
            raise self.error


def caller(store: Store) -> httpx.AsyncClient:
    """Return a client of a webhook, as Telegram would be."""
    app = Webhook(Bot("123456:" + "A" * 35), store.accept, PATH, SECRET)
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]  # ASGI's types, spelled differently
    return httpx.AsyncClient(transport=transport, base_url="http://bank.test", headers=HEADER)


def update() -> dict[str, Any]:
    return raw(message=raw_message(text="hello"))


async def test_an_update_is_accepted_before_it_is_answered() -> None:
    store, given = Store(), update()
    async with caller(store) as telegram:
        answer = await telegram.post(PATH, json=given)
    assert (answer.status_code, answer.content) == (200, b"")
    assert store.groups == [[given["update_id"]]]


async def test_calls_at_once_share_a_commit() -> None:
    store, given = Store(), [update() for _ in range(20)]
    async with caller(store) as telegram:
        answers = await asyncio.gather(*(telegram.post(PATH, json=one) for one in given))
    assert {answer.status_code for answer in answers} == {200}
    assert store.groups == [[one["update_id"] for one in given]]


async def test_calls_one_after_the_other_do_not() -> None:
    store = Store()
    async with caller(store) as telegram:
        for _ in range(2):
            assert (await telegram.post(PATH, json=update())).status_code == 200
    assert [len(group) for group in store.groups] == [1, 1]


async def test_what_is_not_committed_is_not_acknowledged() -> None:
    store, given = Store(OSError("away")), [update(), update()]
    async with caller(store) as telegram:
        answers = await asyncio.gather(*(telegram.post(PATH, json=one) for one in given))
        assert [answer.status_code for answer in answers] == [503, 503]
        store.error = None
        assert (await telegram.post(PATH, json=given[0])).status_code == 200
    assert store.groups[-1] == [given[0]["update_id"]]


async def test_a_caller_who_hangs_up_holds_up_nobody() -> None:
    store = Store()
    async with caller(store) as telegram:
        gone = asyncio.create_task(telegram.post(PATH, json=update()))
        patient = asyncio.create_task(telegram.post(PATH, json=update()))
        await asyncio.sleep(0)  # both have begun
        gone.cancel()
        assert (await patient).status_code == 200
    with pytest.raises(asyncio.CancelledError):
        await gone


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET.upper(), "секрет"])
async def test_only_telegram_may_call(secret: str | None) -> None:
    store = Store()
    async with caller(store) as telegram:
        telegram.headers = {} if secret is None else [(b"X-Telegram-Bot-Api-Secret-Token", secret.encode())]
        answer = await telegram.post(PATH, json=update())
    assert (answer.status_code, store.groups) == (401, [])


@pytest.mark.parametrize(
    ("method", "path"), [("GET", PATH), ("PUT", PATH), ("POST", "/"), ("POST", f"{PATH}/"), ("POST", "/other")]
)
async def test_there_is_one_address(method: str, path: str) -> None:
    store = Store()
    async with caller(store) as telegram:
        answer = await telegram.request(method, path, json=update())
    assert (answer.status_code, store.groups) == (404, [])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"\xff",
        b"null",
        b"7",
        b'"text"',
        b"[]",
        b"{}",
    ],
)
async def test_what_is_no_update_is_refused(body: bytes) -> None:
    store = Store()
    async with caller(store) as telegram:
        answer = await telegram.post(PATH, content=body)
    assert (answer.status_code, store.groups) == (400, [])


@pytest.mark.parametrize("content", [7, {"text": "hello"}])
async def test_an_update_of_an_unknown_form_is_kept_so_that_telegram_does_not_repeat_it(content: object) -> None:
    store = Store()
    async with caller(store) as telegram:
        answer = await telegram.post(PATH, json={"update_id": 1, "message": content})
    assert (answer.status_code, store.groups) == (200, [[1]])


@pytest.mark.parametrize(("padding", "status"), [(-1, 200), (1, 413)])
async def test_bodies_have_a_largest_size(padding: int, status: int) -> None:
    store = Store()
    body = json.dumps(update()).encode()
    async with caller(store) as telegram:
        answer = await telegram.post(PATH, content=body + b" " * ((1 << 20) - len(body) + padding))
    assert answer.status_code == status
    assert len(store.groups) == (status == 200)
