"""The audit log's page: an auditor looks for an act on a desktop and on a phone, and nobody else sees any."""

import os
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, expect

from benchmarks.installation import TOKEN, System, environment_of
from database.db import Database
from database.engine import make_engine
from database.models import AuditAct
from database.queries.scope import Vault
from handlers.console.console import COOKIE
from sandbox.client import SandboxClient
from services.access import Role
from tests.system import wait_until
from utils.encryption import BlindIndex, Keyring

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AUDITOR, EDITOR, ADMIN = 9006, 9007, 9003
DESKTOP, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
Open = Callable[[int, ViewportSize], Awaitable[Page]]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Start nothing but the HTTP front, over a database in which some things were done."""
    folder: Path = tmp_path_factory.mktemp("audit")
    redis = "redis://127.0.0.1:1/0"  # nothing here needs it
    environment = environment_of(folder, f"sqlite:///{folder / 'bot.db'}", redis, "http://127.0.0.1:1", TOKEN)
    with SandboxClient("http://127.0.0.1:1", TOKEN) as nobody:
        system = System(folder, environment, nobody)
        system.manage("prepare", "--admin", str(ADMIN))
        for role, account in ((Role.AUDITOR, AUDITOR), (Role.EDITOR, EDITOR)):
            system.manage("grant", role, str(account))
        with database_of(system).unit_of_work() as uow:
            for number in range(60):
                uow.audit.record(AuditAct.CHAT_TAKEN, actor=9002, subject=f"conversation:{number}", waited=number)
        system.start("api")
        wait_until(lambda: is_up(system), 40, "the HTTP front")
        yield system
        system.stop("api")
        assert "Traceback" not in system.output("api")


def is_up(system: System) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(system.environment["HTTP_PORT"]))) == 0


def database_of(system: System) -> Database:
    own = system.environment
    vault = Vault(Keyring([own["ENCRYPTION_KEY"]]), BlindIndex(own["BLIND_INDEX_KEY"]))
    return Database(make_engine(own["DATABASE_URL"]), int(TOKEN.partition(":")[0]), vault)


@pytest_asyncio.fixture(loop_scope="session")
async def opened(browser: Browser, office: System) -> AsyncIterator[Open]:
    """Open the page for somebody who has signed in."""
    contexts = []
    errors: list[str] = []

    async def open_page(account: int, size: ViewportSize) -> Page:
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
        await page.goto("/console/audit")
        await expect(page.get_by_test_id("account")).to_have_text(str(account))
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert errors == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_an_auditor_finds_an_act(opened: Open, size: ViewportSize) -> None:
    page = await opened(AUDITOR, size)
    await expect(page.get_by_test_id("event")).to_have_count(50)
    await keep(page, f"all-{size['width']}")
    await page.get_by_test_id("older").click()
    await expect(page.get_by_test_id("event").last).to_contain_text("Роль выдана")
    await page.get_by_test_id("act").select_option("chat_taken")
    await page.get_by_test_id("subject").fill("conversation:7")
    await page.get_by_test_id("find").click()
    await expect(page.get_by_test_id("event")).to_have_count(1)
    await expect(page.get_by_test_id("event")).to_contain_text("Чат взят")
    await expect(page.get_by_test_id("event")).to_contain_text("waited: 7")
    await expect(page.get_by_test_id("act")).to_have_value("chat_taken")
    wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not wide, "nothing has to be scrolled sideways"
    await keep(page, f"one-{size['width']}")


async def test_a_field_that_cannot_be_read_is_named_and_an_empty_result_said(opened: Open) -> None:
    page = await opened(ADMIN, DESKTOP)
    await page.get_by_test_id("actor").fill("семь")
    await page.get_by_test_id("find").click()
    await expect(page.get_by_test_id("wrong")).to_have_text("Не удалось прочесть поле «Аккаунт».")
    await page.goto("/console/audit?actor=12345")
    await expect(page.get_by_test_id("empty")).to_be_visible()


async def test_an_editor_finds_no_way_in(opened: Open) -> None:
    page = await opened(EDITOR, DESKTOP)
    await expect(page.get_by_test_id("nothing")).to_be_visible()
    await expect(page.get_by_test_id("event")).to_have_count(0)
    await expect(page.get_by_test_id("to-audit")).to_have_count(0)


async def keep(page: Page, name: str) -> None:
    """Keep a picture for whoever wants to look, where the variable SCREENSHOTS names a folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"audit-{name}.png", full_page=name.startswith("one"))
