"""The console's people in browsers of their own: the installation that tests share, its staff, and the way in."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FilePayload, Page, ViewportSize, expect

from deploy.servers.redis import start_redis
from handlers.console.console import COOKIE, PATH
from services.access import Role
from tests.browser.front import database_of, is_up
from tests.browser.windows import DESKTOP
from tests.e2e.conftest import Person, make_person
from tests.system import LONGEST_START, System, running_system, wait_until

SignIn = Callable[..., Awaitable[Page]]
Hire = Callable[[Role], Person]
_SESSION_SECONDS = 3600


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Run an installation with the HTTP front, which all tests of a worker process share.

    A test has people of its own in it (`hire`, `make_person`), and puts back what else it changes. Every broadcast to
    more than one reader takes two people.
    """
    folder: Path = tmp_path_factory.mktemp("console")
    url, settings = f"sqlite:///{folder / 'bot.db'}", {"BROADCAST_APPROVAL_ABOVE": "1"}
    with start_redis(folder, append_only=False) as redis, running_system(folder, url, redis.url, **settings) as running:
        running.start("api")
        wait_until(lambda: is_up(running), LONGEST_START, "the HTTP front")
        yield running
        assert "Traceback" not in running.output("api")


@pytest.fixture
def hire(system: System) -> Iterator[Hire]:
    """Give accounts of this test's own a role; afterwards they are at no desk, and nobody any more."""
    database = database_of(system)
    hired: list[Person] = []

    def hire(role: Role) -> Person:
        person = make_person(system)
        with database.unit_of_work() as uow:
            uow.roles.grant(person.id, role, None)
        hired.append(person)
        return person

    yield hire
    with database.unit_of_work() as uow:
        for person in hired:
            for role in uow.roles.of(person.id):
                uow.roles.revoke(person.id, role)
            uow.operators.sign_out(person.id)
            uow.console.end_sessions(person.id)
    database.engine.dispose()


@pytest_asyncio.fixture(loop_scope="session")
async def signed_in(browser: Browser, system: System) -> AsyncIterator[SignIn]:
    """Open pages of the console for people who have signed in, each in a browser of their own."""
    contexts = []
    errors: list[str] = []

    async def opened(person: Person, path: str = "/", size: ViewportSize = DESKTOP) -> Page:
        if not person.texts():
            person.says("/start")
            await asyncio.to_thread(person.sees, "")
        address = f"http://127.0.0.1:{system.environment['HTTP_PORT']}"
        context = await browser.new_context(base_url=address, locale="ru-RU", viewport=size)
        contexts.append(context)
        session = _session(system, person)  # kept as the way in does it, whose own one replaces it
        await context.add_cookies([{"name": COOKIE, "value": session, "domain": "127.0.0.1", "path": PATH}])
        page = await context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        await page.goto(f"/console{path}")
        await expect(page.get_by_test_id("account")).to_have_text(str(person.id))
        return page

    yield opened
    for context in contexts:
        await context.close()
    assert errors == []


def _session(system: System, person: Person) -> str:
    token, database = secrets.token_hex(32), database_of(system)
    with database.unit_of_work() as uow:
        uow.console.open_session(person.id, token, _SESSION_SECONDS)
    database.engine.dispose()
    return token


async def enter_by_code(page: Page, person: Person) -> None:
    """Sign somebody in where the page asks who they are, with the code that the bot sends."""
    await page.get_by_label("Номер вашего аккаунта").fill(str(person.id))
    await page.keyboard.press("Enter")
    message = await asyncio.to_thread(person.sees, "Код для входа в консоль")
    code = re.search(r"\d{8}", message["text"])
    assert code
    await page.get_by_label("Код из восьми цифр").fill(code[0])
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("account")).to_have_text(str(person.id))


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
