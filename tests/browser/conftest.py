"""A sandbox process, a headless Chromium, and pages in it; without Chromium these tests are skipped."""

import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from sandbox.client import SandboxClient
from sandbox.settings import DEFAULT_BOT
from tests.browser.bot import FakeBot
from tests.browser.front import opened
from tests.browser.office import front_office, office
from tests.browser.staff import hire, signed_in, system
from tests.browser.windows import DESKTOP
from tests.system import LONGEST_START

# Here and nowhere else, for a worker process to start one installation of a kind: whoever imports one gets its own.
__all__ = ["front_office", "hire", "office", "opened", "signed_in", "system"]

ROOT = Path(__file__).parents[2]
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PATIENCE = 30_000  # milliseconds until something has to be on a page: a busy machine draws slowly


class OpenPage(Protocol):
    """Opens the sandbox's page in a browser window of a size of its own."""

    async def __call__(self, size: ViewportSize = DESKTOP, query: str = "", **options: Any) -> Page: ...


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser."""
    path = shutil.which("chromium", path="/usr/bin") or shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium on this machine")
    return path


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One browser for all tests of a worker."""
    async with async_playwright() as playwright:
        expect.set_options(timeout=_PATIENCE)
        launched = await playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield launched
        await launched.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a sandbox of this worker's own; it is a process, as NiceGUI allows for one page in each."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "sandbox", "--port", str(port)]
    log = tmp_path_factory.mktemp("sandbox") / "log"
    with log.open("wb") as output, subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output) as process:
        try:
            found = f"http://127.0.0.1:{port}"
            with SandboxClient(found, DEFAULT_BOT) as client:
                client.wait_ready(LONGEST_START)
            yield found
        finally:
            process.terminate()
            process.wait(LONGEST_START)
    assert "Traceback" not in log.read_text(encoding="utf-8")


@pytest.fixture
def bot(address: str) -> Iterator[FakeBot]:
    """Give a bot in a sandbox where nothing has happened yet."""
    with SandboxClient(address, DEFAULT_BOT) as client:
        client.reset()
        client.limits(bot_per_second=0, chat_per_second=0, group_per_minute=0)
        yield FakeBot(client)


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser, address: str, bot: FakeBot) -> AsyncIterator[OpenPage]:
    """Open pages that must stay on loopback and keep their console free of errors; `blob:` names no host."""
    assert bot is not None
    hosts: set[str | None] = set()
    errors: list[str] = []
    contexts = []

    async def opened(size: ViewportSize = DESKTOP, query: str = "", **options: Any) -> Page:
        context = await browser.new_context(viewport=size, **options)
        contexts.append(context)
        page = await context.new_page()
        page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
        page.on("websocket", lambda socket: hosts.add(urlsplit(socket.url).hostname))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        await page.goto(f"{address}/{query}")
        return page

    yield opened
    for context in contexts:
        await context.close()
    assert errors == []
    assert hosts - {None} == {"127.0.0.1"}


@pytest_asyncio.fixture(loop_scope="session")
async def page(open_page: OpenPage) -> Page:
    """Open the page on a desktop."""
    return await open_page()
