"""The page as a whole: people side by side, tabs on a phone, the bar, and what it loads."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.bot import FakeBot
from tests.browser.conftest import OpenPage
from tests.browser.windows import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CAST = (9001, 9002, 9003)


async def test_a_desktop_shows_all_people_side_by_side(page: Page) -> None:
    for person in CAST:
        await expect(page.get_by_test_id(f"pane-{person}")).to_be_visible()
    await expect(page.get_by_test_id("tabs")).to_be_hidden()


async def test_a_phone_shows_one_person_and_counts_what_others_missed(open_page: OpenPage, bot: FakeBot) -> None:
    page = await open_page(PHONE)
    await expect(page.get_by_test_id("pane-9001")).to_be_visible()
    await expect(page.get_by_test_id("pane-9002")).to_be_hidden()
    bot.meet(9002)
    bot.say(9002, "one")
    bot.say(9002, "two")
    unread = page.get_by_test_id("tab-9002").get_by_test_id("unread")
    await expect(unread).to_have_text("2")

    await page.get_by_test_id("tab-9002").click()
    await expect(page.get_by_test_id("pane-9002")).to_be_visible()
    await expect(page.get_by_test_id("pane-9001")).to_be_hidden()
    await expect(unread).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


async def test_two_pages_show_the_same_talk(open_page: OpenPage, bot: FakeBot) -> None:
    first, second = await open_page(), await open_page(PHONE)
    box = first.get_by_test_id("pane-9001").get_by_test_id("input")
    await box.fill("hello")
    await box.press("Enter")

    await expect(second.get_by_test_id("pane-9001").get_by_test_id("text")).to_have_text("hello")
    bot.say(9001, "hi")
    for page in (first, second):
        await expect(page.get_by_test_id("pane-9001").get_by_test_id("text").last).to_have_text("hi")


async def test_a_person_is_added_and_stays_after_a_reload(page: Page, bot: FakeBot) -> None:
    await page.get_by_test_id("add-person").click()
    await page.get_by_test_id("field-id").fill("12345")
    await page.get_by_test_id("field-first_name").fill("Zoe")
    await page.get_by_test_id("field-language_code").fill("en")
    await page.get_by_test_id("field-phone_number").fill("+491700000001")
    await page.get_by_test_id("confirm").click()
    pane = page.get_by_test_id("pane-12345")
    await expect(pane.get_by_test_id("name")).to_have_text("Zoe")
    await expect(page).to_have_url(re.compile(r"\?people=9001,9002,9003,12345$"))
    await page.reload()
    await pane.get_by_test_id("start").click()

    sender = bot.update("message")["from"]
    assert (sender["id"], sender["first_name"], sender["language_code"]) == (12345, "Zoe", "en")


async def test_a_person_is_described_anew_and_blocks_the_bot(page: Page, bot: FakeBot) -> None:
    bot.meet(9001)
    pane = page.get_by_test_id("pane-9001")
    await pane.get_by_test_id("person-menu").click()
    await page.get_by_test_id("edit-person").click()
    await page.get_by_test_id("field-first_name").fill("Anya")
    await page.get_by_test_id("confirm").click()
    await expect(pane.get_by_test_id("name")).to_have_text("Anya Orlova")

    await pane.get_by_test_id("person-menu").click()
    await page.get_by_test_id("block").click()
    assert bot.update("my_chat_member")["new_chat_member"]["status"] == "kicked"
    assert bot.people.call("sendMessage", chat_id=9001, text="hello")["error_code"] == 403
    await pane.get_by_test_id("unblock").click()
    await expect(pane.get_by_test_id("input")).to_be_visible()
    assert bot.update("my_chat_member")["new_chat_member"]["status"] == "member"


async def test_a_fault_is_switched_on_and_off(page: Page, bot: FakeBot) -> None:
    await page.get_by_test_id("faults").click()
    await page.get_by_test_id("fault").filter(has_text="429").click()
    await expect(page.get_by_test_id("faults")).to_contain_text("429")
    bot.meet(9001)
    answers = [bot.people.call("sendMessage", chat_id=9001, text="hello") for _ in range(40)]
    assert any(answer.get("error_code") == 429 for answer in answers)

    await page.get_by_test_id("faults").click()
    await page.get_by_test_id("fault").first.click()
    await expect(page.get_by_test_id("faults")).not_to_contain_text("429")
    assert all(bot.people.call("sendMessage", chat_id=9001, text="hello")["ok"] for _ in range(20))


async def test_starting_afresh_empties_every_chat(page: Page, bot: FakeBot) -> None:
    bot.meet(9001)
    pane = page.get_by_test_id("pane-9001")
    await expect(pane.get_by_test_id("message")).to_have_count(1)
    await page.get_by_test_id("start-afresh").click()
    await page.get_by_test_id("confirm").click()

    await expect(pane.get_by_test_id("message")).to_have_count(0)
    await expect(pane.get_by_test_id("name")).to_have_text("Anna Orlova")
    assert bot.people.chat(9001)["messages"] == []
    bot.meet(9001)
    await expect(pane.get_by_test_id("message")).to_have_count(1)


async def test_the_system_chooses_between_light_and_dark(open_page: OpenPage) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    light = await (await open_page(color_scheme="light")).evaluate(colour)
    dark = await (await open_page(color_scheme="dark")).evaluate(colour)
    assert light != dark


async def test_nothing_is_loaded_from_another_host(open_page: OpenPage, address: str) -> None:
    page = await open_page()
    await expect(page.get_by_test_id("pane-9001")).to_be_visible()
    await page.wait_for_load_state("networkidle")
    names = await page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    assert names
    assert all(name.startswith(f"{address}/") for name in names)
