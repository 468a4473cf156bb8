"""An HTTP front over a database of its own, whose staff are signed in without a chat: for pages that need no bot."""

import os
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, expect

from benchmarks.installation import TOKEN, System, environment_of
from database.db import Database
from database.engine import make_engine
from database.queries.scope import Vault
from handlers.console.console import COOKIE
from sandbox.client import SandboxClient
from services.access import Role
from tests.browser.windows import DESKTOP
from tests.system import LONGEST_START, wait_until
from tests.warm import manage
from utils.encryption import BlindIndex, Keyring

MODERATOR, ADMIN, SUPERVISOR, AUDITOR, EDITOR = 9002, 9003, 9005, 9006, 9007
STAFF = {SUPERVISOR: Role.SUPERVISOR, AUDITOR: Role.AUDITOR, EDITOR: Role.EDITOR}
_NOWHERE = "127.0.0.1:1"  # nobody listens there
Open = Callable[..., Awaitable[Page]]


@contextmanager
def front(
    folder: Path, redis: str = f"redis://{_NOWHERE}/0", fill: Callable[[Database], None] = lambda _database: None
) -> Iterator[System]:
    """Start nothing but the HTTP front, over a database with staff and what `fill` puts there; hold it to its end."""
    environment = environment_of(folder, f"sqlite:///{folder / 'bot.db'}", redis, f"http://{_NOWHERE}", TOKEN)
    with SandboxClient(f"http://{_NOWHERE}", TOKEN) as nobody:
        system = System(folder, environment, nobody, manage)
        system.manage("prepare", "--admin", str(ADMIN))
        staffed(system, STAFF)
        fill(database_of(system))
        system.start("api")
        wait_until(lambda: is_up(system), LONGEST_START, "the HTTP front")
        yield system
        system.stop("api")
        assert "Traceback" not in system.output("api")
        with database_of(system).reading() as uow:
            assert uow.presences.processes() == [], "it has said that it ends"


def database_of(system: System) -> Database:
    own = system.environment
    vault = Vault(Keyring([own["ENCRYPTION_KEY"]]), BlindIndex(own["BLIND_INDEX_KEY"]))
    return Database(make_engine(own["DATABASE_URL"]), int(TOKEN.partition(":")[0]), vault)


def staffed(system: System, held: Mapping[int, Role]) -> None:
    """Let these and the administrator be the staff, and nobody else."""
    with database_of(system).unit_of_work() as uow:
        for grant in uow.roles.grants():
            uow.roles.revoke(grant.telegram_id, grant.role)
        for account, role in {ADMIN: Role.ADMIN, **held}.items():
            uow.roles.grant(account, role, None)


def is_up(system: System) -> bool:
    """Return whether the HTTP front takes connections."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(system.environment["HTTP_PORT"]))) == 0


@pytest_asyncio.fixture(loop_scope="session")
async def opened(browser: Browser, office: System) -> AsyncIterator[Open]:
    """Open pages of the console for who has signed in: none has an error, or is wider than its window."""
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
        await page.wait_for_load_state("networkidle")
        await no_sideways(page)
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
