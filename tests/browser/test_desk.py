"""An operator serves a customer in the browser and in Telegram at once, alone, beside a colleague, and on a phone."""

import asyncio
import re

import pytest
from playwright.async_api import Page, expect

from services.access import Role
from tests.browser.desking import at_desk, customer, leave, shot, take, typing
from tests.browser.staff import Hire, SignIn
from tests.browser.windows import PHONE
from tests.e2e.acts import name
from tests.e2e.conftest import Person
from tests.system import System, wait_until

__all__ = ["customer"]
pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


async def test_a_customer_is_served_in_the_browser_and_in_telegram(
    signed_in: SignIn, hire: Hire, system: System, customer: Person
) -> None:
    telegram = hire(Role.MODERATOR)
    system.manage("canned", "add", "hello", "Здравствуйте, {name}! Меня зовут {operator}.")
    page = await at_desk(signed_in, telegram)
    await take(page, customer)
    await expect(page.get_by_test_id("beside")).to_contain_text("подтверждён через Telegram")
    await answers_in_the_browser(page, customer, telegram)
    await answers_in_telegram(page, customer, telegram)
    await uses_a_canned_reply(page, customer, telegram)
    await sees_a_picture(page, customer)
    await notes_and_searches(page)
    await shot(page, "desktop")
    await page.get_by_test_id("done").click()
    await asyncio.to_thread(customer.sees, "Разговор завершён.")
    await page.get_by_test_id("codes").get_by_text("Решено").click()
    await expect(page.get_by_test_id("empty")).to_be_visible()
    await leave(page)


async def answers_in_the_browser(page: Page, customer: Person, telegram: Person) -> None:
    box, said = page.get_by_test_id("input"), page.get_by_test_id("message")
    await box.press_sequentially("Добрый день, чем")
    await asyncio.to_thread(wait_until, lambda: typing(customer), 40, "the sign that somebody types")
    await box.press_sequentially(" помочь?")
    await box.press("Enter")
    await asyncio.to_thread(customer.sees, "Добрый день, чем помочь?")
    await asyncio.to_thread(telegram.sees, "Отправлено", "чем помочь?")
    await expect(said.last).to_contain_text("Добрый день, чем помочь?")
    await expect(said.last.get_by_test_id("delivery")).to_have_text("✓")


async def answers_in_telegram(page: Page, customer: Person, telegram: Person) -> None:
    said = page.get_by_test_id("message")
    customer.says("Не приходит <b>выписка</b>")
    await expect(said.last).to_contain_text("Не приходит <b>выписка</b>")
    await expect(page.get_by_test_id("unread")).to_have_count(1)
    await expect(page).to_have_title("(1) Чаты")
    telegram.says("Сейчас посмотрю")
    await asyncio.to_thread(customer.sees, "Сейчас посмотрю")
    await expect(said.last).to_contain_text("Сейчас посмотрю")
    await expect(page.get_by_test_id("unread")).to_have_count(0)
    await expect(page).to_have_title("Чаты")


async def uses_a_canned_reply(page: Page, customer: Person, telegram: Person) -> None:
    box = page.get_by_test_id("input")
    await box.fill("/hel")
    await expect(page.get_by_test_id("canned").get_by_role("option")).to_contain_text("/hello")
    await box.press("Enter")
    await expect(box).to_have_value(f"Здравствуйте, {name(customer)}! Меня зовут {name(telegram)}.")
    await box.press("Control+Enter")
    await asyncio.to_thread(customer.sees, f"Здравствуйте, {name(customer)}!")


async def sees_a_picture(page: Page, customer: Person) -> None:
    customer.does(file={"kind": "document", "base64": PIXEL, "caption": "вот экран", "name": "экран.png"})
    picture = page.get_by_test_id("picture")
    await expect(picture).to_be_visible()
    await expect(page.get_by_test_id("message").last).to_contain_text("вот экран")
    assert await picture.evaluate("async (image) => { await image.decode(); return image.naturalWidth; }") == 1


async def notes_and_searches(page: Page) -> None:
    context = page.get_by_test_id("beside")
    await context.get_by_test_id("note-text").fill("Клиент из Казани")
    await context.get_by_role("button", name="Сохранить заметку").click()
    await expect(context.get_by_role("listitem")).to_contain_text("Клиент из Казани")
    await page.keyboard.press("/")
    await expect(page.get_by_test_id("search")).to_be_focused()
    await page.keyboard.type("выписк")
    await expect(page.get_by_test_id("hit")).to_contain_text("Не приходит")


async def test_a_second_operator_is_told_who_has_the_customer(signed_in: SignIn, hire: Hire, customer: Person) -> None:
    one, another = hire(Role.MODERATOR), hire(Role.MODERATOR)
    first, second = await at_desk(signed_in, one), await at_desk(signed_in, another)
    await take(first, customer)
    await expect(second.get_by_test_id("waiting")).to_have_count(0)
    await expect(first).to_have_url(re.compile("chat="))
    chat = first.url.partition("chat=")[2]
    await second.goto(f"/console/desk?chat={chat}")
    await expect(second.get_by_test_id("holder")).to_contain_text(name(one))
    await expect(second.get_by_test_id("input")).to_be_hidden()
    act = f"new CustomEvent('act', {{bubbles: true, detail: {{act: 'send', chat: '{chat}', text: 'и я'}}}})"
    await second.evaluate(f"document.querySelector('[data-live]').dispatchEvent({act})")
    await expect(second.get_by_text("Этого клиента ведёт").last).to_be_visible()

    await first.get_by_test_id("colleagues").click()
    await shot(first, "transfer")
    await first.get_by_test_id("dialog").get_by_text(name(another)).click()
    await expect(second.get_by_test_id("input")).to_be_visible()
    await second.get_by_test_id("input").fill("Здравствуйте, теперь отвечаю я")
    await second.get_by_test_id("send").click()
    await asyncio.to_thread(customer.sees, "теперь отвечаю я")
    assert not [text for text in customer.texts() if "и я" in text.split("\n")]


async def test_on_a_phone_it_is_the_list_or_the_chat(signed_in: SignIn, hire: Hire, customer: Person) -> None:
    page = await at_desk(signed_in, hire(Role.MODERATOR), PHONE)
    await expect(page.get_by_test_id("input")).to_be_hidden()
    await shot(page, "phone-list")
    await take(page, customer)
    await expect(page.get_by_test_id("queue")).to_be_hidden()
    await page.get_by_test_id("input").fill("Пишу с телефона")
    await page.get_by_test_id("send").click()
    await asyncio.to_thread(customer.sees, "Пишу с телефона")
    await shot(page, "phone-chat")
    await page.get_by_test_id("context").click()
    await expect(page.get_by_test_id("search")).to_be_visible()
    await shot(page, "phone-context")
    await page.get_by_test_id("leave-context").click()
    await page.get_by_test_id("back").click()
    await expect(page.get_by_test_id("chat")).to_have_count(1)
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    await page.get_by_test_id("chat").click()
    await page.get_by_test_id("done").click()
    await asyncio.to_thread(customer.sees, "Разговор завершён.")
    await page.get_by_test_id("back").click()
    await leave(page)
