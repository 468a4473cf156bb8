"""The page of settings, on a desktop and on a phone: what each role finds and does there."""

import pytest
from playwright.async_api import ViewportSize, expect

from services.access import Role
from tests.browser.front import (
    ADMIN,
    AUDITOR,
    EDITOR,
    SUPERVISOR,
    Open,
    database_of,
    keep,
    no_sideways,
    staffed,
)
from tests.browser.windows import DESKTOP, PHONE
from tests.system import System

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

both_sizes = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


@both_sizes
async def test_a_supervisor_sets_the_hours_sees_the_history_and_goes_back(opened: Open, size: ViewportSize) -> None:
    page = await opened(SUPERVISOR, "/settings?area=hours", size)
    hours = page.get_by_test_id("OPENING_HOURS")
    await hours.get_by_test_id("typed").fill("mon 9-18")
    await hours.get_by_test_id("save").click()
    await expect(page.get_by_text("Часы пишутся так").last).to_be_visible()
    await expect(hours.get_by_test_id("typed")).to_have_value("mon 9-18")
    await hours.get_by_test_id("typed").fill("mon-fri 9:00-18:00")
    await hours.get_by_test_id("save").click()
    await expect(hours.get_by_test_id("origin")).to_contain_text(f"Изменил {SUPERVISOR}")
    await no_sideways(page)
    await keep(page, f"settings-hours-{size['width']}")
    await hours.get_by_test_id("history").click()
    await expect(hours.get_by_test_id("version").first).to_have_text("mon-fri 9:00-18:00")
    await hours.get_by_test_id("reset").click()
    await expect(hours.get_by_test_id("origin")).to_have_text("Стоит по умолчанию.")
    await expect(hours.get_by_test_id("typed")).to_have_value("")


async def test_who_was_slower_is_told_and_shown_what_it_is_now(opened: Open) -> None:
    first, second = await opened(ADMIN, "/settings?area=desk"), await opened(SUPERVISOR, "/settings?area=desk")
    await first.get_by_test_id("OFFER_SECONDS").get_by_test_id("typed").fill("55")
    for page, number in ((first, "7"), (second, "9")):
        await page.get_by_test_id("OPERATOR_CHATS").get_by_test_id("typed").fill(number)
        await page.get_by_test_id("OPERATOR_CHATS").get_by_test_id("save").click()
        if page is first:
            await expect(page.get_by_test_id("OPERATOR_CHATS").get_by_test_id("origin")).to_contain_text("Изменил")
    await expect(first.get_by_test_id("OFFER_SECONDS").get_by_test_id("typed")).to_have_value("55")
    await expect(second.get_by_text("это уже изменили. Сейчас: 7")).to_be_visible()
    await expect(second.get_by_test_id("OPERATOR_CHATS").get_by_test_id("typed")).to_have_value("7")


@both_sizes
async def test_the_banks_own_words_keep_their_placeholders(opened: Open, size: ViewportSize) -> None:
    page = await opened(SUPERVISOR, "/settings?area=texts&language=en", size)
    closed = page.get_by_test_id("waiting.closed/en")
    await closed.get_by_test_id("typed").fill("We are closed.")
    await closed.get_by_test_id("save").click()
    await expect(page.get_by_text("не хватает подстановок: {opens}")).to_be_visible()
    await closed.get_by_test_id("typed").fill("Back at <b>{opens}</b>.")
    await closed.get_by_test_id("save").click()
    await expect(closed.get_by_test_id("origin")).to_contain_text("Изменил")
    await no_sideways(page)
    await keep(page, f"settings-texts-{size['width']}")
    await closed.get_by_test_id("reset").click()
    await expect(closed.get_by_test_id("reset")).to_have_count(0)


async def test_an_administrator_stops_the_assistant_and_starts_it_again(opened: Open, office: System) -> None:
    page = await opened(ADMIN, "/settings")
    await page.get_by_test_id("switch-assistant").click()
    await expect(page.get_by_test_id("assistant-state")).to_contain_text("выключен")
    with database_of(office).reading() as uow:
        assert not uow.roles.ai_enabled()
    await keep(page, "settings-answers-1440")
    await page.get_by_test_id("switch-assistant").click()
    await expect(page.get_by_test_id("assistant-state")).not_to_contain_text("выключен")


async def test_an_auditor_reads_and_a_supervisor_changes_no_limits(opened: Open) -> None:
    page = await opened(AUDITOR, "/settings?area=limits")
    await expect(page.get_by_test_id("USER_MESSAGES_PER_MINUTE").get_by_test_id("value")).to_have_text("1000")
    await expect(page.get_by_test_id("save")).to_have_count(0)
    page = await opened(SUPERVISOR, "/settings?area=limits")
    await expect(page.get_by_test_id("value").first).to_be_visible()
    await expect(page.get_by_test_id("save")).to_have_count(0)
    page = await opened(SUPERVISOR, "/settings")
    await expect(page.get_by_test_id("assistant-state")).to_be_visible()
    await expect(page.get_by_test_id("switch-assistant")).to_have_count(0)


@pytest.mark.parametrize("path", ["/settings", "/system"])
async def test_an_editor_finds_no_way_in(opened: Open, path: str) -> None:
    page = await opened(EDITOR, path)
    await expect(page.get_by_test_id("nothing")).to_be_visible()
    await expect(page.get_by_test_id(f"to{path.replace('/', '-')}")).to_have_count(0)


async def test_who_is_demoted_changes_nothing_on_an_open_page(opened: Open, office: System) -> None:
    staffed(office, {9011: Role.SUPERVISOR})
    page = await opened(9011, "/settings?area=desk")
    await expect(page.get_by_test_id("OFFER_SECONDS").get_by_test_id("typed")).to_be_visible()
    staffed(office, {9011: Role.EDITOR})  # so that the session itself goes on
    await page.get_by_test_id("OFFER_SECONDS").get_by_test_id("typed").fill("50")
    await page.get_by_test_id("OFFER_SECONDS").get_by_test_id("save").click()
    await expect(page.get_by_text("Вашей роли это не разрешено.").first).to_be_visible()
    with database_of(office).reading() as uow:
        assert uow.settings.history("OFFER_SECONDS", 1) == []
