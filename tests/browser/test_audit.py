"""The audit log's page: an auditor looks for an act on a desktop and on a phone, and nobody else sees any."""

import asyncio
import re

import pytest
from playwright.async_api import ViewportSize, expect

from tests.browser.front import ADMIN, AUDITOR, EDITOR, Open, database_of, keep, no_sideways
from tests.browser.office import TAKEN
from tests.browser.windows import DESKTOP, PHONE
from tests.system import System

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_an_auditor_finds_an_act(opened: Open, size: ViewportSize) -> None:
    page = await opened(AUDITOR, "/audit", size)
    await expect(page.get_by_test_id("event")).to_have_count(50)
    await keep(page, f"audit-all-{size['width']}")
    await page.get_by_test_id("act").select_option("chat_taken")
    await page.get_by_test_id("find").click()
    await expect(page).to_have_url(re.compile("act=chat_taken"))  # the page before has a way to what is older too
    await page.get_by_test_id("older").click()
    await expect(page.get_by_test_id("event")).to_have_count(TAKEN - 50)
    await expect(page.get_by_test_id("event").last).to_contain_text("waited: 0")
    await page.get_by_test_id("subject").fill("conversation:7")
    await page.get_by_test_id("find").click()
    await expect(page.get_by_test_id("event")).to_have_count(1)
    await expect(page.get_by_test_id("event")).to_contain_text("Чат взят")
    await expect(page.get_by_test_id("event")).to_contain_text("waited: 7")
    await expect(page.get_by_test_id("act")).to_have_value("chat_taken")
    await no_sideways(page)
    await keep(page, f"audit-one-{size['width']}")


async def test_a_field_that_cannot_be_read_is_named_and_an_empty_result_said(opened: Open) -> None:
    page = await opened(ADMIN, "/audit")
    await page.get_by_test_id("actor").fill("семь")
    await page.get_by_test_id("find").click()
    await expect(page.get_by_test_id("wrong")).to_have_text("Не удалось прочесть поле «Аккаунт».")
    await page.goto("/console/audit?actor=12345")
    await expect(page.get_by_test_id("empty")).to_be_visible()


async def test_an_editor_finds_no_way_in(opened: Open) -> None:
    page = await opened(EDITOR, "/audit")
    await expect(page.get_by_test_id("nothing")).to_be_visible()
    await expect(page.get_by_test_id("event")).to_have_count(0)
    await expect(page.get_by_test_id("to-audit")).to_have_count(0)


async def test_the_page_comes_however_long_the_database_was_busy(opened: Open, office: System) -> None:
    page = await opened(AUDITOR, "/audit")
    with database_of(office).unit_of_work() as uow:
        uow.roles.lock()  # who reads the log is written into it, which has to wait
        coming = asyncio.create_task(page.reload())
        came, _ = await asyncio.wait({coming}, timeout=3.5)  # NiceGUI would show an error of its own after three
        assert not came
    await coming
    await expect(page.get_by_test_id("event").first).to_be_visible()
