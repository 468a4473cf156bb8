"""The messenger in tests: one sandbox for all of a process, where Anna has started the bot, and channels to it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from telegram import Bot

from sandbox.client import SandboxClient
from sandbox.running import Running, running_sandbox
from sandbox.settings import Settings
from services.gateways.aiohttp_request import AiohttpRequest
from services.gateways.telegram import TelegramChannel
from services.ports import Documents, OwnFiles

ANNA = 71
LONG = 30.0


@pytest.fixture(scope="session")
def messenger() -> Iterator[Running]:
    """Run a sandbox; whoever uses it as it is begins with a reset."""
    with running_sandbox(Settings(port=0, page=False)) as running:
        yield running


@pytest.fixture
def sandbox(messenger: Running) -> Iterator[SandboxClient]:
    """Give a client of a sandbox where Anna has started the bot and nothing else happened."""
    with SandboxClient(messenger.address, messenger.settings.bot_token) as client:
        client.reset()
        client.send(ANNA, text="/start")
        yield client


def nothing_made(chat_id: int, source: str) -> bytes:
    """Make no file."""
    raise LookupError(f"{source} for {chat_id}")


@asynccontextmanager
async def channel_to(
    address: str,
    *,
    whole: float = LONG,
    read: float = LONG,
    files: OwnFiles | None = None,
    documents: Documents = nothing_made,
) -> AsyncIterator[TelegramChannel]:
    """Open a channel to a server; `files` are those that it does not have yet, `documents` makes others."""
    request = AiohttpRequest(4, connect_timeout=LONG, read_timeout=read)
    async with request:
        bot = Bot(Settings().bot_token, base_url=f"{address}/bot", request=request)
        yield TelegramChannel(bot, whole, files, documents)
