"""What tests of models share: the sandbox's model server with its control, a prompt, and a chain that asks it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from contexts.asked import Asked
from contexts.context_manager import messages_for
from contexts.prompt import Message, PromptPassage
from sandbox.model.running import running_model
from sandbox.model.settings import ModelSettings
from services.drafts import ModelServer
from services.gateways.anthropic_service import AnthropicServer
from services.gateways.openai_service import OpenAiServer
from services.model_server import ServerOptions

FEE = "The card is free for two months. Then it costs 99 a month."
ASKED = "How much is the card?"
KINDS = ("openai", "anthropic")


def prompt(question: str = ASKED) -> Sequence[Message]:
    """Return what a model is told about a question and two passages."""
    passages = [PromptPassage(1, ASKED, FEE), PromptPassage(2, "Where are you?", "In the old town.")]
    return messages_for(Asked(question, "en"), passages)


_servers: list[OpenAiServer | AnthropicServer] = []


def server_at(address: str, kind: str = "openai") -> ModelServer:
    """Return a model of either kind at an address; its connections end with the test."""
    if kind == "anthropic":
        server: OpenAiServer | AnthropicServer = AnthropicServer(ServerOptions("any", address, "sandbox-chat", 20.0))
    else:
        server = OpenAiServer(ServerOptions("any", f"{address}/v1", "sandbox-chat", 20.0))
    _servers.append(server)
    return server


def end_connections() -> None:
    """End the connections of all servers; the garbage collector would find a socket before its client, now and then."""
    while _servers:
        if client := _servers.pop()._made:
            client.close()


class Control:
    """The model server's control: what it is told to do, and what it was asked."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._http = httpx.Client(base_url=address, trust_env=False)

    def plan(self, **wanted: object) -> None:
        """Set latency, faults, pace or a reply; nothing named is nothing special."""
        self._http.put("/control/model", json=wanted).raise_for_status()

    def forget(self) -> None:
        """Take everything back, the journal too."""
        self._http.delete("/control/model").raise_for_status()

    def requests(self) -> list[dict[str, Any]]:
        """Return what was asked since."""
        seen: list[dict[str, Any]] = self._http.get("/control/model/journal").json()["requests"]
        return seen

    def close(self) -> None:
        """End the connection."""
        self._http.close()


@contextmanager
def controlled_model() -> Iterator[Control]:
    """Run a model server."""
    with running_model(ModelSettings(port=0)) as address:
        control = Control(address)
        try:
            yield control
        finally:
            control.close()


@pytest.fixture(scope="module")
def running() -> Iterator[Control]:
    """Run a model server for a module."""
    with controlled_model() as control:
        yield control


@pytest.fixture
def control(running: Control) -> Iterator[Control]:
    """Give the model server's control, with neither faults nor journal."""
    running.forget()
    yield running
    running.forget()
