"""Customers and staff in the console: an administrator's acts, a second one's, what others see, and who was demoted."""

from uuid import UUID

import pytest
from playwright.async_api import expect

from benchmarks.installation import System
from database.models import AuditAct
from services.access import Role
from tests.browser.front import (
    ADMIN,
    AUDITOR,
    EDITOR,
    MODERATOR,
    Open,
    database_of,
    keep,
    staffed,
)
from tests.browser.office import ANNA, NEW, SECOND, found
from tests.browser.windows import PHONE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
]


@pytest.fixture(autouse=True)
def _staff(office: System) -> None:
    """Let there be a second administrator, and a moderator."""
    others = {AUDITOR: Role.AUDITOR, EDITOR: Role.EDITOR, MODERATOR: Role.MODERATOR}
    staffed(office, {SECOND: Role.ADMIN, **others})


async def test_a_customer_is_found_masked_blocked_and_let_in(opened: Open, office: System) -> None:
    page = await opened(ADMIN, "/people")
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
    await keep(page, "office-people")
    await anna.get_by_test_id("let-in").click()
    await expect(anna.get_by_test_id("barred")).to_have_count(0)
    with database_of(office).reading() as uow:
        acts = [uow.audit.latest(act) for act in (AuditAct.PERSON_BARRED, AuditAct.PERSON_LET_IN)]
    assert [(act.actor, act.subject) for act in acts if act] == [(ADMIN, f"account:{ANNA}")] * 2
    await found(page, "Анна")
    await expect(page.locator(".q-notification").last).to_contain_text("последние четыре цифры")


async def test_the_list_is_filtered_on_a_phone_too(opened: Open) -> None:
    page = await opened(ADMIN, "/people", PHONE)
    await page.get_by_test_id("tier-confirmed").click()
    await expect(page.get_by_test_id("number")).to_have_text([str(ANNA)])
    await keep(page, "office-people-phone")
    await page.get_by_test_id("language-en").click()
    await expect(page.get_by_test_id("nobody")).to_be_visible()


async def test_a_great_role_takes_two_administrators(opened: Open) -> None:
    first = await opened(ADMIN, "/staff", PHONE)
    await first.get_by_test_id("new-account").fill(str(NEW))
    await first.get_by_test_id("new-kind").click()
    await first.get_by_role("option", name="старший смены").click()
    await first.get_by_test_id("give").click()
    await expect(first.get_by_test_id("request")).to_contain_text(str(NEW))
    await keep(first, "office-staff-phone")
    await first.get_by_test_id("approve").click()
    await expect(first.locator(".q-notification").last).to_contain_text("одобряет другой администратор")
    second = await opened(SECOND, "/staff")
    await second.get_by_test_id("approve").click()
    await expect(second.get_by_test_id(f"member-{NEW}")).to_contain_text("одобрил: 9013")
    await keep(second, "office-staff")
    await first.get_by_test_id("approve").click()
    await expect(first.locator(".q-notification").last).to_contain_text("уже решён")
    await expect(first.get_by_test_id(f"member-{NEW}")).to_be_visible()


async def test_a_role_is_taken_the_last_administrator_stays_and_a_pin_is_shown_once(opened: Open) -> None:
    page = await opened(ADMIN, "/staff")
    moderator = page.get_by_test_id(f"member-{MODERATOR}")
    await moderator.get_by_test_id("pin").click()
    await page.get_by_test_id("yes").click()
    assert len((await page.get_by_test_id("new-pin").text_content() or "").strip()) == 8
    await page.get_by_test_id("drawn").evaluate("(element) => element.classList.add('of-before')")
    await page.get_by_test_id("refresh").dispatch_event("click")
    await expect(page.locator(".of-before")).to_have_count(0)
    await expect(page.get_by_test_id("new-pin")).to_be_visible()
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


async def test_an_address_that_leads_nowhere_says_so_and_leads_back(opened: Open) -> None:
    page = await opened(ADMIN, "/people")
    for path in ("nowhere", "broadcasts/abc", "version/1", "answer/x"):
        answer = await page.request.get(f"/console/{path}", headers={"accept-language": "ru"})
        assert answer.status == 404
        assert "Такой страницы нет" in await answer.text()
    await page.goto(f"/console/version/{UUID(int=1)}")
    await expect(page.get_by_test_id("nothing")).to_contain_text("Такой страницы нет")
    await page.get_by_test_id("back").click()
    await expect(page.get_by_role("heading", name="Справочник")).to_be_visible()


async def test_an_auditor_reads_and_reviews_and_an_editor_sees_nothing(opened: Open) -> None:
    page = await opened(AUDITOR, "/staff")
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
    for path in ("/staff", "/people"):
        await expect((await opened(EDITOR, path)).get_by_test_id("nothing")).to_be_visible()


@pytest.mark.parametrize("left", [Role.AUDITOR, None])
async def test_an_open_page_of_somebody_demoted_does_nothing_more(
    opened: Open, office: System, left: Role | None
) -> None:
    page = await opened(SECOND, "/staff")
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
