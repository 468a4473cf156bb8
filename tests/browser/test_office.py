"""Customers and staff in the console: an administrator's acts, a second one's, what others see, and who was demoted."""

import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, expect

from benchmarks.installation import TOKEN, System, environment_of
from database.models import AuditAct, Step, Tier
from deploy.servers.redis import start_redis
from handlers.console.console import COOKIE
from sandbox.client import SandboxClient
from services.access import Role
from tests.browser.conftest import DESKTOP
from tests.browser.test_audit import database_of, is_up
from tests.database.people import person
from tests.system import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

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


@pytest.fixture(autouse=True)
def _staff(office: System) -> None:
    """Let each test begin with the same staff, whatever the one before has done."""
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


async def test_a_customer_is_found_masked_blocked_and_let_in(opened: Open, office: System) -> None:
    page = await opened(ADMIN, "people")
    await expect(page.get_by_test_id("person")).to_have_count(25)
    await page.get_by_test_id("next").click()
    await expect(page.get_by_test_id("person")).to_have_count(6)
    await found(page, "1122")
    [anna] = [page.get_by_test_id("person")]
    await expect(anna).to_have_count(1)
    await expect(anna).to_contain_text("А••• П•••")
    await expect(anna.get_by_test_id("facts")).to_contain_text("+7 ••• •••-11-22")
    await expect(anna).not_to_contain_text("Петрова")
    assert "1122" not in page.url
    await anna.get_by_test_id("bar").click()
    await page.get_by_test_id("yes").click()
    await expect(anna.get_by_test_id("barred")).to_be_visible()
    await keep(page, "people")
    await anna.get_by_test_id("let-in").click()
    await expect(anna.get_by_test_id("barred")).to_have_count(0)
    with database_of(office).reading() as uow:
        acts = [uow.audit.latest(act) for act in (AuditAct.PERSON_BARRED, AuditAct.PERSON_LET_IN)]
    assert [(act.actor, act.subject) for act in acts if act] == [(ADMIN, f"account:{ANNA}")] * 2
    await found(page, "Анна")
    await expect(page.locator(".q-notification").last).to_contain_text("последние четыре цифры")


async def test_the_list_is_filtered_on_a_phone_too(opened: Open) -> None:
    page = await opened(ADMIN, "people", PHONE)
    await page.get_by_test_id("tier-confirmed").click()
    await expect(page.get_by_test_id("number")).to_have_text([str(ANNA)])
    await keep(page, "people-phone")
    await page.get_by_test_id("language-en").click()
    await expect(page.get_by_test_id("nobody")).to_be_visible()


async def test_a_great_role_takes_two_administrators(opened: Open) -> None:
    first = await opened(ADMIN, "staff", PHONE)
    await first.get_by_test_id("new-account").fill(str(NEW))
    await first.get_by_test_id("new-kind").click()
    await first.get_by_role("option", name="старший смены").click()
    await first.get_by_test_id("give").click()
    await expect(first.get_by_test_id("request")).to_contain_text(str(NEW))
    await keep(first, "staff-phone")
    await first.get_by_test_id("approve").click()
    await expect(first.locator(".q-notification").last).to_contain_text("одобряет другой администратор")
    second = await opened(SECOND, "staff")
    await second.get_by_test_id("approve").click()
    await expect(second.get_by_test_id(f"member-{NEW}")).to_contain_text("одобрил: 9013")
    await keep(second, "staff")
    await first.get_by_test_id("approve").click()
    await expect(first.locator(".q-notification").last).to_contain_text("уже решён")
    await expect(first.get_by_test_id(f"member-{NEW}")).to_be_visible()


async def test_a_role_is_taken_the_last_administrator_stays_and_a_pin_is_shown_once(opened: Open) -> None:
    page = await opened(ADMIN, "staff")
    moderator = page.get_by_test_id(f"member-{MODERATOR}")
    await moderator.get_by_test_id("pin").click()
    await page.get_by_test_id("yes").click()
    assert len((await page.get_by_test_id("new-pin").text_content() or "").strip()) == 8
    await page.get_by_test_id("close").click()
    await expect(page.get_by_test_id("new-pin")).to_have_count(0)
    await expect(moderator.get_by_test_id("has-pin")).to_be_visible()
    for account in (MODERATOR, SECOND):
        await page.get_by_test_id(f"member-{account}").get_by_test_id("take").click()
        await page.get_by_test_id("yes").click()
        await expect(page.get_by_test_id(f"member-{account}")).to_have_count(0)
    await page.get_by_test_id(f"member-{ADMIN}").get_by_test_id("take").click()
    await page.get_by_test_id("yes").click()
    await expect(page.locator(".q-notification").last).to_contain_text("последний администратор")
    await expect(page.get_by_test_id(f"member-{ADMIN}")).to_be_visible()


async def test_an_auditor_reads_and_reviews_and_an_editor_sees_nothing(opened: Open) -> None:
    page = await opened(AUDITOR, "staff")
    await expect(page.get_by_test_id(f"member-{ADMIN}")).to_be_visible()
    for act in ("take", "pin", "give"):
        await expect(page.get_by_test_id(act)).to_have_count(0)
    async with page.expect_download() as download:
        await page.get_by_test_id("review").click()
    rows = (await (await download.value).path()).read_text(encoding="utf-8").splitlines()
    assert (len(rows), rows[0].split(",")[:2]) == (6, ["account", "role"])
    await page.goto("/console/people")
    await expect(page.get_by_test_id("person").first).to_be_visible()
    await expect(page.get_by_test_id("bar")).to_have_count(0)
    for path in ("staff", "people"):
        await expect((await opened(EDITOR, path)).get_by_test_id("nothing")).to_be_visible()


@pytest.mark.parametrize("left", [Role.AUDITOR, None])
async def test_an_open_page_of_somebody_demoted_does_nothing_more(
    opened: Open, office: System, left: Role | None
) -> None:
    page = await opened(SECOND, "staff")
    with database_of(office).unit_of_work() as uow:
        uow.roles.revoke(SECOND, Role.ADMIN)
        if left:
            uow.roles.grant(SECOND, left, None)
    await page.get_by_test_id(f"member-{MODERATOR}").get_by_test_id("take").click()
    await page.get_by_test_id("yes").click()
    if left:
        await expect(page.locator(".q-notification").last).to_contain_text("роли это не разрешено")
    else:
        await expect(page).to_have_url(f"http://127.0.0.1:{office.environment['HTTP_PORT']}/console/sign-in")
    with database_of(office).reading() as uow:
        assert uow.roles.of(MODERATOR) == {Role.MODERATOR}
        if left:
            assert (refused := uow.audit.latest(AuditAct.REFUSED))
            assert refused.actor == SECOND
