"""What the page shows of the bot's doings: formatting, edits, drafts, files."""

from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.bot import FakeBot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CUSTOMER = 9001
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
"""A PNG of one pixel."""


@pytest.fixture
def pane(page: Page, bot: FakeBot) -> Locator:
    """Find the phone of a customer who has started the bot."""
    bot.meet(CUSTOMER)
    return page.get_by_test_id(f"pane-{CUSTOMER}")


async def test_html_is_shown_as_formatting(pane: Locator, bot: FakeBot) -> None:
    bot.say(CUSTOMER, 'It is <b>free</b>, see <a href="https://example.org/a?b=1&amp;c=2">tariffs</a>')

    text = pane.get_by_test_id("text").last
    await expect(text.locator("b")).to_have_text("free")
    await expect(text.get_by_role("link")).to_have_attribute("href", "https://example.org/a?b=1&c=2")


async def test_a_script_in_a_text_is_only_text(pane: Locator, page: Page, bot: FakeBot) -> None:
    script = "<script>window.harm = 1</script><img src=x onerror='window.harm = 1'>"
    bot.people.send(CUSTOMER, text=script)
    bot.say(CUSTOMER, script, parse_mode=None)
    harmful = {"type": "text_link", "offset": 0, "length": 4, "url": "javascript:window.harm = 1"}
    bot.say(CUSTOMER, "link", parse_mode=None, entities=[harmful])

    await expect(pane.get_by_test_id("text").nth(1)).to_have_text(script)
    await expect(pane.get_by_test_id("text").nth(2)).to_have_text(script)
    await expect(pane.get_by_test_id("text").nth(3)).to_have_text("link")
    await expect(pane.get_by_test_id("text").get_by_role("link")).to_have_count(0)
    assert await page.evaluate("window.harm") is None


async def test_edits_deletions_and_protection_are_marked(pane: Locator, bot: FakeBot) -> None:
    edited = bot.say(CUSTOMER, "one")
    deleted = bot.say(CUSTOMER, "two", protect_content=True)
    await expect(pane.get_by_test_id("protected")).to_be_visible()
    bot.people.result("editMessageText", chat_id=CUSTOMER, message_id=edited, text="one and a half")
    bot.people.result("deleteMessage", chat_id=CUSTOMER, message_id=deleted)

    messages = pane.get_by_test_id("message")
    await expect(messages).to_have_count(3)
    await expect(messages.nth(1).get_by_test_id("text")).to_have_text("one and a half")
    await expect(messages.nth(1).get_by_test_id("edited")).to_be_visible()
    await expect(messages.nth(2).get_by_test_id("deleted")).to_be_visible()
    await expect(messages.nth(2)).not_to_contain_text("two")


async def test_typing_is_shown_until_the_answer(pane: Locator, bot: FakeBot) -> None:
    bot.people.result("sendChatAction", chat_id=CUSTOMER, action="typing")
    await expect(pane.get_by_test_id("typing")).to_contain_text("typing")
    bot.say(CUSTOMER, "Here")
    await expect(pane.get_by_test_id("typing")).to_have_count(0)


async def test_a_draft_grows_until_the_answer(pane: Locator, bot: FakeBot) -> None:
    for text in ("The tariff", "The tariff is <b>free</b>"):
        bot.people.result("sendMessageDraft", chat_id=CUSTOMER, draft_id=5, text=text, parse_mode="HTML")
    await expect(pane.get_by_test_id("draft")).to_have_text("The tariff is free")
    bot.say(CUSTOMER, "The tariff is <b>free</b>.")
    await expect(pane.get_by_test_id("draft")).to_have_count(0)


@pytest.mark.parametrize("kind", ["photo", "document", "voice"])
async def test_a_file_is_uploaded_and_shown(pane: Locator, page: Page, bot: FakeBot, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "picture.png"
    file.write_bytes(PICTURE)
    await pane.get_by_test_id("attach").click()
    async with page.expect_file_chooser() as chooser:
        await page.get_by_test_id(f"attach-{kind}").click()
    await (await chooser.value).set_files(file)

    sent = bot.update("message")[kind]
    sent = sent[-1] if kind == "photo" else sent
    path = bot.people.result("getFile", file_id=sent["file_id"])["file_path"]
    assert bot.people.request("GET", f"/file/bot{bot.people.bot_token}/{path}").content == PICTURE
    await expect(pane.get_by_test_id(kind)).to_be_visible()


async def test_the_newest_message_is_in_sight(pane: Locator, bot: FakeBot) -> None:
    for number in range(40):
        bot.say(CUSTOMER, f"line {number}")
    messages = pane.get_by_test_id("message")
    await expect(messages.last.get_by_test_id("text")).to_have_text("line 39")
    await expect(messages.last).to_be_in_viewport()

    await messages.nth(1).scroll_into_view_if_needed()
    bot.say(CUSTOMER, "line 40")
    await expect(messages).to_have_count(42)
    await expect(messages.nth(1)).to_be_in_viewport()
    await pane.get_by_test_id("to-newest").click()
    await expect(messages.last).to_be_in_viewport()
