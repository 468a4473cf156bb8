"""A sandbox that really serves, and a client of it that starts each test afresh."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest

from sandbox.client import SandboxClient
from sandbox.model.running import running_model
from sandbox.model.settings import ModelSettings
from sandbox.running import Running, running_sandbox
from sandbox.settings import Settings

Start = Callable[[Settings], SandboxClient]


@pytest.fixture(scope="session")
def server() -> Iterator[Running]:
    """One sandbox for all tests of a worker."""
    with running_sandbox(Settings(port=0, page=False, webhook_retry_seconds=0.02)) as running:
        yield running


@pytest.fixture
def sandbox(server: Running) -> Iterator[SandboxClient]:
    """Give a client of a sandbox where nothing has happened yet."""
    with SandboxClient(server.address, server.settings.bot_token) as client:
        client.reset()
        client.result("deleteWebhook")
        client.result("getUpdates", allowed_updates=[])
        client.reset()
        yield client


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a sandbox with other settings; it stops with the test."""
    with ExitStack() as stack:

        def started(settings: Settings) -> SandboxClient:
            running = stack.enter_context(running_sandbox(settings))
            return stack.enter_context(SandboxClient(running.address, running.settings.bot_token))

        yield started


@pytest.fixture
def anna(sandbox: SandboxClient) -> SandboxClient:
    """Give a sandbox where Anna (71) has started the bot."""
    sandbox.send(71, text="/start")
    return sandbox


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Run a model server for the tests of a module."""
    with running_model(ModelSettings(port=0)) as running:
        yield running


@pytest.fixture
def control(address: str) -> Iterator[httpx.Client]:
    """Give the control of a model server where nothing has happened yet."""
    with httpx.Client(base_url=address) as client:
        client.delete("/control/model").raise_for_status()
        yield client
        client.delete("/control/model").raise_for_status()
