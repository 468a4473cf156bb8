"""Updates by webhook: only Telegram may call, and 200 means committed."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from database.models import InboxRow
from deploy.servers.process import free_port
from tests.e2e.own import FACT, QUESTION, Place, own_place
from tests.system import wait_until

pytestmark = pytest.mark.e2e

SECRET = "a-secret-of-the-tests-own"
PATH = "/hook/5f2c1d9e"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"

_update_ids = itertools.count(700_000_001)  # far from those that the sandbox gives


@dataclass
class Hook:
    """The webhook of an installation, called as Telegram does, or as somebody else would."""

    place: Place
    http: httpx.Client

    def call(self, body: bytes | dict[str, Any], secret: str | None = SECRET, path: str = PATH) -> int:
        """Post a body; returns the status."""
        headers = {} if secret is None else {SECRET_HEADER: secret}
        content = {"json": body} if isinstance(body, dict) else {"content": body}
        return self.http.post(path, headers=headers, **content).status_code

    def rows(self, update_id: int) -> int:
        """Return how many inbox rows an update has."""
        with self.place.database.reading() as uow:
            statement = select(func.count()).where(InboxRow.update_id == update_id)
            return int(uow.session.execute(statement).scalar_one())


@pytest.fixture(scope="module")
def hook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hook]:
    """Run an installation that Telegram calls."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    settings = {
        "INGEST": "webhook",
        "WEBHOOK_URL": address + PATH,
        "WEBHOOK_PORT": str(port),
        "WEBHOOK_SECRET": SECRET,
        "USER_MESSAGES_PER_MINUTE": "5",
    }
    with (
        own_place(tmp_path_factory.mktemp("webhook"), "postgresql", settings) as place,
        httpx.Client(base_url=address, trust_env=False, timeout=60) as http,
    ):
        wait_until(lambda: "bot: webhook" in place.system.output("bot"), what="the webhook")
        wait_until(lambda: _answers(http), what="the webhook's server")
        yield Hook(place, http)


def _answers(http: httpx.Client) -> bool:
    try:
        return http.get("/").status_code == 404
    except httpx.TransportError:
        return False


def _question(person: int | None = None) -> dict[str, Any]:
    number = next(_update_ids)
    user = {"id": person or number, "is_bot": False, "first_name": "Иван", "language_code": "ru"}
    chat = {"id": user["id"], "type": "private", "first_name": "Иван"}
    message = {"message_id": 1, "date": 1_763_700_000, "chat": chat, "from": user, "text": QUESTION}
    return {"update_id": number, "message": message}


def test_a_question_is_answered(hook: Hook) -> None:
    customer = hook.place.person()
    customer.says(QUESTION)
    customer.sees(FACT)
    hook.place.wait_quiet()
    assert len(customer.texts()) == 1


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", SECRET[:-1], None])
def test_who_does_not_know_the_secret_is_refused(hook: Hook, secret: str | None) -> None:
    update = _question()
    assert hook.call(update, secret) == 401
    assert hook.rows(update["update_id"]) == 0


@pytest.mark.parametrize("path", ["/", PATH + "/", PATH[:-1], "/hook"])
def test_nothing_is_found_elsewhere(hook: Hook, path: str) -> None:
    assert hook.call(_question(), path=path) == 404
    assert hook.http.get(PATH, headers={SECRET_HEADER: SECRET}).status_code == 404


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"1", b"null", b'"text"', b"{}", b"\xff"])
def test_garbage_is_refused_and_breaks_nothing(hook: Hook, body: bytes) -> None:
    assert hook.call(body) == 400
    update = _question()
    assert hook.call(update) == 200
    assert hook.rows(update["update_id"]) == 1


def test_what_is_too_large_is_refused(hook: Hook) -> None:
    update = _question()
    update["message"]["text"] = "x" * (1 << 20)
    assert hook.call(update) == 413
    assert hook.rows(update["update_id"]) == 0


def test_an_update_that_is_repeated_is_processed_once(hook: Hook) -> None:
    customer = hook.place.person()
    customer.says("/privacy")  # the sandbox then knows the chat
    customer.sees("Что мы о вас храним")
    update = _question(customer.id)
    assert [hook.call(update) for _ in range(3)] == [200] * 3
    customer.sees(FACT)
    assert hook.call(update) == 200
    hook.place.wait_quiet()
    assert hook.rows(update["update_id"]) == 1
    assert len(customer.texts()) == 2


def test_without_the_database_telegram_is_asked_to_come_again(hook: Hook) -> None:
    customer = hook.place.person()
    hook.place.stop_postgres()
    try:
        update = _question()
        for _ in range(6):  # as often as Telegram would repeat it, and more often than the limit allows
            assert hook.call(update) == 503
        customer.says(QUESTION)
        info = hook.place.system.sandbox
        wait_until(lambda: "503" in str(info.result("getWebhookInfo").get("last_error_message")), what="a refusal")
    finally:
        hook.place.start_postgres()
    wait_until(lambda: hook.call(update) == 200, what="an update that is committed")
    customer.sees(FACT)
    hook.place.wait_quiet()
    assert len(customer.texts()) == 1
    assert hook.rows(update["update_id"]) == 1
    with hook.place.database.reading() as uow:
        kind = select(InboxRow.kind).where(InboxRow.update_id == update["update_id"])
        assert uow.session.execute(kind).scalar_one() == "say"
