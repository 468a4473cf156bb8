"""An HTTP front over a database of its own, whose staff are signed in without a chat: for pages that need no bot."""

import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, expect

from benchmarks.installation import TOKEN, System, environment_of
from handlers.console.console import COOKIE
from sandbox.client import SandboxClient
from services.access import Role
from tests.browser.conftest import DESKTOP
from tests.browser.test_audit import database_of, is_up
from tests.system import wait_until

ADMIN, SUPERVISOR, AUDITOR, EDITOR = 9003, 9005, 9006, 9007
Open = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Start nothing but the HTTP front, over a database with staff."""
    folder: Path = tmp_path_factory.mktemp("settings")
    redis = "redis://127.0.0.1:1/0"  # nothing here needs it
    environment = environment_of(folder, f"sqlite:///{folder / 'bot.db'}", redis, "http://127.0.0.1:1", TOKEN)
    with SandboxClient("http://127.0.0.1:1", TOKEN) as nobody:
        system = System(folder, environment, nobody)
        system.manage("prepare", "--admin", str(ADMIN))
        for role, account in ((Role.SUPERVISOR, SUPERVISOR), (Role.AUDITOR, AUDITOR), (Role.EDITOR, EDITOR)):
            system.manage("grant", role, str(account))
        system.start("api")
        wait_until(lambda: is_up(system), 40, "the HTTP front")
        yield system
        system.stop("api")
        assert "Traceback" not in system.output("api")
        with database_of(system).reading() as uow:
            assert uow.presences.processes() == [], "it has said that it ends"


@pytest_asyncio.fixture(loop_scope="session")
async def opened(browser: Browser, office: System) -> AsyncIterator[Open]:
    """Open a page of the console for somebody who has signed in."""
    contexts = []
    errors: list[str] = []

    async def open_page(account: int, path: str, size: ViewportSize = DESKTOP) -> Page:
        token = secrets.token_hex(32)
        with database_of(office).unit_of_work() as uow:
            uow.console.open_session(account, token, 600)
        address = f"http://127.0.0.1:{office.environment['HTTP_PORT']}"
        context = await browser.new_context(base_url=address, locale="ru-RU", viewport=size)
        contexts.append(context)
        await context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
        page = await context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        await page.goto(f"/console{path}")
        await expect(page.get_by_test_id("account")).to_have_text(str(account))
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert errors == []


async def no_sideways(page: Page) -> None:
    """Hold a page to its width."""
    wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not wide, "nothing has to be scrolled sideways"


async def keep(page: Page, name: str) -> None:
    """Keep a picture for whoever wants to look, where the variable SCREENSHOTS names a folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
