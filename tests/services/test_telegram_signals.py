"""Signs from the HTTP front: nobody waits for a slow messenger, and what is too much is lost."""

import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from sandbox.client import SandboxClient
from sandbox.running import Running, running_sandbox
from sandbox.settings import Settings
from services.gateways.telegram_signals import TelegramSignals
from tests.deploy.waiting import wait_until

ANNA = 71


@pytest.fixture
def server() -> Iterator[Running]:
    with running_sandbox(Settings(port=0, page=False)) as running:
        yield running


def test_typing_is_shown(server: Running) -> None:
    token = server.settings.bot_token
    with (
        SandboxClient(server.address, token) as client,
        closing(TelegramSignals(token, server.address, 30.0)) as signals,
    ):
        client.send(ANNA, text="/start")
        signals.typing(ANNA)
        wait_until(lambda: any(line.get("method") == "sendChatAction" for line in client.journal()))


def test_a_messenger_that_hangs_holds_up_nobody() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,  # takes connections, and never says a word
        closing(TelegramSignals("1:a", f"http://127.0.0.1:{silent.getsockname()[1]}", 0.2)) as signals,
    ):
        for chat_id in range(1000):
            signals.typing(chat_id)
        silent.settimeout(30)
        silent.accept()[0].close()
