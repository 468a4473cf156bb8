"""Talking to the bot on the page: text, buttons, keyboards, edits."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.bot import FakeBot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CUSTOMER = 9001


@pytest.fixture
def pane(page: Page) -> Locator:
    """Find the customer's phone."""
    return page.get_by_test_id(f"pane-{CUSTOMER}")


async def test_what_is_typed_reaches_the_bot_as_a_message(pane: Locator, bot: FakeBot) -> None:
    box = pane.get_by_test_id("input")
    await box.fill("/start")
    await box.press("Enter")

    message = bot.update("message")
    assert message["text"] == "/start"
    assert message["from"]["id"] == CUSTOMER
    assert message["from"]["first_name"] == "Anna"
    await expect(box).to_have_value("")
    await expect(pane.get_by_test_id("text")).to_have_text("/start")


async def test_shift_and_enter_begin_a_new_line(pane: Locator, bot: FakeBot) -> None:
    box = pane.get_by_test_id("input")
    await box.press_sequentially("one")
    await box.press("Shift+Enter")
    await box.press_sequentially("two")
    await pane.get_by_test_id("send").click()

    assert bot.update("message")["text"] == "one\ntwo"


async def test_an_empty_chat_offers_start(pane: Locator, bot: FakeBot) -> None:
    await pane.get_by_test_id("start").click()

    assert bot.update("message")["text"] == "/start"
    await expect(pane.get_by_test_id("empty")).to_be_hidden()


async def test_an_inline_button_waits_for_its_answer_and_shows_it(pane: Locator, bot: FakeBot) -> None:
    bot.meet(CUSTOMER)
    rows = [[{"text": "Yes", "callback_data": "y"}, {"text": "No", "callback_data": "n"}]]
    message_id = bot.say(CUSTOMER, "Sure?", reply_markup={"inline_keyboard": rows})
    await pane.get_by_test_id("inline-button").filter(has_text="No").click()

    query = bot.update("callback_query")
    assert query["data"] == "n"
    assert query["message"]["message_id"] == message_id
    await expect(pane.get_by_test_id("spinner")).to_have_count(1)
    bot.people.result("answerCallbackQuery", callback_query_id=query["id"], text="As you wish")
    await expect(pane.get_by_test_id("toast")).to_have_text("As you wish")
    await expect(pane.get_by_test_id("spinner")).to_have_count(0)


async def test_an_alert_stays_until_it_is_dismissed(pane: Locator, bot: FakeBot) -> None:
    bot.meet(CUSTOMER)
    rows = [[{"text": "Pay", "callback_data": "pay"}]]
    bot.say(CUSTOMER, "Ready", reply_markup={"inline_keyboard": rows})
    await pane.get_by_test_id("inline-button").click()
    query = bot.update("callback_query")
    bot.people.result("answerCallbackQuery", callback_query_id=query["id"], text="No money", show_alert=True)

    await expect(pane.get_by_test_id("alert")).to_contain_text("No money")
    await pane.get_by_test_id("dismiss").click()
    await expect(pane.get_by_test_id("alert")).to_have_count(0)


async def test_the_contact_button_shares_the_own_card_and_the_keyboard_can_go(pane: Locator, bot: FakeBot) -> None:
    bot.meet(CUSTOMER)
    keyboard = [[{"text": "My number", "request_contact": True}], [{"text": "Skip"}]]
    bot.say(CUSTOMER, "Your number?", reply_markup={"keyboard": keyboard, "resize_keyboard": True})
    await pane.get_by_test_id("reply-keyboard-button").filter(has_text="My number").click()

    contact = bot.update("message")["contact"]
    assert contact["user_id"] == CUSTOMER
    assert contact["phone_number"] == "+79000009001"
    await expect(pane.get_by_test_id("contact")).to_contain_text("+79000009001")
    bot.say(CUSTOMER, "Thanks", reply_markup={"remove_keyboard": True})
    await expect(pane.get_by_test_id("reply-keyboard")).to_be_hidden()


async def test_a_key_of_the_reply_keyboard_sends_its_text(pane: Locator, bot: FakeBot) -> None:
    bot.meet(CUSTOMER)
    markup = {"keyboard": [[{"text": "Skip"}]], "one_time_keyboard": True}
    bot.say(CUSTOMER, "Your number?", reply_markup=markup)
    await pane.get_by_test_id("reply-keyboard-button").click()

    assert bot.update("message")["text"] == "Skip"
    await expect(pane.get_by_test_id("reply-keyboard")).to_be_hidden()
    await pane.get_by_test_id("toggle-keyboard").click()
    await expect(pane.get_by_test_id("reply-keyboard")).to_be_visible()


async def test_somebody_elses_card_names_another_person(pane: Locator, page: Page, bot: FakeBot) -> None:
    await pane.get_by_test_id("attach").click()
    await page.get_by_test_id("other-contact").click()
    await page.get_by_test_id("field-phone_number").fill("+79990001122")
    await page.get_by_test_id("field-user_id").fill("777")
    await page.get_by_test_id("confirm").click()

    contact = bot.update("message")["contact"]
    assert (contact["phone_number"], contact["user_id"]) == ("+79990001122", 777)


async def test_an_own_message_can_be_edited(pane: Locator, bot: FakeBot) -> None:
    box = pane.get_by_test_id("input")
    await box.fill("helo")
    await box.press("Enter")
    await pane.get_by_test_id("message").hover()
    await pane.get_by_test_id("edit").click()
    await expect(box).to_have_value("helo")
    await box.fill("hello")
    await box.press("Enter")

    assert bot.update("edited_message")["text"] == "hello"
    await expect(pane.get_by_test_id("text")).to_have_text("hello")
    await expect(pane.get_by_test_id("edited")).to_be_visible()
    await expect(pane.get_by_test_id("banner")).to_be_hidden()


async def test_a_message_can_be_replied_to(pane: Locator, bot: FakeBot) -> None:
    bot.meet(CUSTOMER)
    message_id = bot.say(CUSTOMER, "Which card?")
    await pane.get_by_test_id("message").last.hover()
    await pane.get_by_test_id("reply").last.click()
    await pane.get_by_test_id("input").fill("Classic")
    await pane.get_by_test_id("send").click()

    assert bot.update("message")["reply_to_message"]["message_id"] == message_id


async def test_a_command_is_chosen_from_the_menu(pane: Locator, page: Page, bot: FakeBot) -> None:
    scope = {"type": "chat", "chat_id": CUSTOMER}
    bot.people.result("setMyCommands", commands=[{"command": "help", "description": "A person"}], scope=scope)
    bot.meet(CUSTOMER)
    await pane.get_by_test_id("commands").click()
    await page.get_by_test_id("command").click()

    assert bot.update("message")["text"] == "/help"
    bot.people.result("deleteMyCommands", scope=scope)


async def test_text_that_is_too_long_comes_back_with_the_reason(pane: Locator) -> None:
    box = pane.get_by_test_id("input")
    await box.fill("x" * 4097)
    await box.press("Enter")

    await expect(pane.get_by_test_id("toast")).to_contain_text("4096")
    await expect(box).to_have_value("x" * 4097)
