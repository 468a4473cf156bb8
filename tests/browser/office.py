"""An office in the browser: the HTTP front over staff and customers, and pages for whoever has signed in."""

import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, expect

from benchmarks.installation import TOKEN, System, environment_of
from database.models import Step, Tier
from deploy.servers.redis import start_redis
from handlers.console.console import COOKIE
from sandbox.client import SandboxClient
from tests.browser.conftest import DESKTOP
from tests.browser.test_audit import database_of, is_up
from tests.database.people import person
from tests.system import wait_until

ADMIN, SECOND, AUDITOR, EDITOR, MODERATOR, NEW = 9003, 9013, 9006, 9007, 9002, 9055
ANNA = 501122  # her phone ends in 11-22
PHONE = ViewportSize(width=390, height=844)
Open = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Start the HTTP front over a database with staff and customers."""
    folder: Path = tmp_path_factory.mktemp("office")
    with (
        start_redis(folder, append_only=False) as redis,
        SandboxClient("http://127.0.0.1:1", TOKEN) as nobody,
    ):
        url = f"sqlite:///{folder / 'bot.db'}"
        system = System(folder, environment_of(folder, url, redis.url, "http://127.0.0.1:1", TOKEN), nobody)
        system.manage("prepare", "--admin", str(ADMIN))
        with database_of(system).unit_of_work() as uow:
            for account in (ANNA, *range(600_000, 600_030)):
                user = person(uow, account)
                user.step, user.language = Step.DONE, "ru" if account == ANNA else "en"
                uow.users.set_profile(user, "Анна Петрова" if account == ANNA else "John Smith")
                uow.users.set_phone(user, f"+7912{account:07}", Tier.CONFIRMED if account == ANNA else Tier.TYPED)
        system.start("api")
        wait_until(lambda: is_up(system), 40, "the HTTP front")
        yield system
        system.stop("api")
        assert "Traceback" not in system.output("api")


def staffed(office: System) -> None:
    """Let there be the same staff as at the beginning."""
    held = {ADMIN: "admin", SECOND: "admin", AUDITOR: "auditor", EDITOR: "editor", MODERATOR: "moderator"}
    with database_of(office).unit_of_work() as uow:
        for grant in uow.roles.grants():
            uow.roles.revoke(grant.telegram_id, grant.role)
        for account, role in held.items():
            uow.roles.grant(account, role, None)


@pytest_asyncio.fixture(loop_scope="session")
async def opened(browser: Browser, office: System) -> AsyncIterator[Open]:
    """Open a page for somebody who has signed in."""
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
        await page.goto(f"/console/{path}")
        return page

    yield opened_and_checked(open_page)
    for context in contexts:
        await context.close()
    assert errors == []


def opened_and_checked(open_page: Open) -> Open:
    """Look that no page is wider than its window."""

    async def checked(account: int, path: str, size: ViewportSize = DESKTOP) -> Page:
        page = await open_page(account, path, size)
        await expect(page.get_by_test_id("account")).to_have_text(str(account))
        await page.wait_for_load_state("networkidle")
        assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        return page

    return checked


async def keep(page: Page, name: str) -> None:
    """Keep a picture for whoever wants to look, where the variable SCREENSHOTS names a folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"office-{name}.png")


async def found(page: Page, words: str) -> None:
    await page.get_by_test_id("find-words").fill(words)
    await page.get_by_test_id("find").click()
