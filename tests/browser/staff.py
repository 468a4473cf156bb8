"""The console's people in browsers of their own: an installation with the HTTP front, and the way in for each."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FilePayload, Page, ViewportSize, expect

from deploy.servers.redis import start_redis
from tests.browser.conftest import DESKTOP
from tests.e2e.conftest import make_person
from tests.system import System, running_system, wait_until

SUPERVISOR, AUDITOR = 9005, 9006
PHONE = ViewportSize(width=390, height=844)
SignIn = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    folder: Path = tmp_path_factory.mktemp("console")
    url = f"sqlite:///{folder / 'bot.db'}"
    with start_redis(folder, append_only=False) as redis, running_system(folder, url, redis.url) as running:
        running.manage("grant", "supervisor", str(SUPERVISOR))
        running.manage("grant", "auditor", str(AUDITOR))
        running.start("api")
        wait_until(lambda: answers(int(running.environment["HTTP_PORT"])), 40, "the HTTP front")
        yield running
        assert "Traceback" not in running.output("api")


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest_asyncio.fixture(loop_scope="session")
async def signed_in(browser: Browser, system: System) -> AsyncIterator[SignIn]:
    """Sign people in, each in a browser of their own, by the code that the bot sends them."""
    contexts = []
    errors: list[str] = []

    async def opened(account: int, size: ViewportSize = DESKTOP) -> Page:
        person = make_person(system, account)
        person.says("/start")
        await asyncio.to_thread(person.sees, "")
        address = f"http://127.0.0.1:{system.environment['HTTP_PORT']}"
        context = await browser.new_context(base_url=address, locale="ru-RU", viewport=size)
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        await page.goto("/console/")
        await page.get_by_label("Номер вашего аккаунта").fill(str(account))
        await page.keyboard.press("Enter")
        message = await asyncio.to_thread(person.sees, "Код для входа в консоль")
        code = re.search(r"\d{6}", message["text"])
        assert code
        await page.get_by_label("Код из шести цифр").fill(code[0])
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("account")).to_have_text(str(account))
        return page

    yield opened
    for context in contexts:
        await context.close()
    assert errors == []


async def give(page: Page, name: str, content: bytes) -> None:
    """Hand a file to the page for uploads."""
    file = FilePayload(name=name, mimeType="text/plain", buffer=content)
    await page.locator("input[type=file]").set_input_files(file)


async def approve(page: Page, address: str) -> None:
    """Approve the version at an address, once it was checked."""
    await page.goto(address)
    await expect(page.get_by_test_id("golden")).not_to_contain_text("задаются")
    await page.get_by_test_id("approve").click()
    await expect(page.get_by_test_id("state")).to_have_text("действует")
