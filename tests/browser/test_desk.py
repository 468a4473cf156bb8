"""The desk in the browser: a customer is served there and in Telegram at once, a supervisor looks after all."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.staff import PHONE, SUPERVISOR, SignIn, signed_in, system
from tests.e2e.acts import name, register
from tests.e2e.conftest import Person, make_person
from tests.system import MODERATOR, SECOND_MODERATOR, System, wait_until

__all__ = ["signed_in", "system"]
pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest_asyncio.fixture(loop_scope="session")
async def customer(system: System) -> AsyncIterator[Person]:
    """Return a customer who told their number, and let nobody serve them afterwards."""
    person = make_person(system)
    await asyncio.to_thread(register, person)
    yield person
    person.says("/end")
    await asyncio.to_thread(person.sees, "")


async def shot(page: Page, what: str) -> None:
    """Keep a picture of a page, if somebody named a folder for them."""
    if folder := os.environ.get("SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"desk-{what}.png")


async def at_desk(signed_in: SignIn, account: int, *size: object) -> Page:
    """Open the desk of somebody of the staff, who goes online there."""
    page = await signed_in(account, *size)
    await page.goto("/console/desk")
    await page.get_by_test_id("online").click()
    await expect(page.get_by_test_id("presence")).to_contain_text("на линии")
    return page


async def take(page: Page, customer: Person, words: str = "/help") -> None:
    """Let a customer ask for a person, and take them from the queue."""
    customer.says(words)
    await asyncio.to_thread(customer.sees, "Передаём разговор сотруднику")
    await expect(page.get_by_test_id("waiting")).to_have_count(1)
    await page.get_by_test_id("waiting").get_by_test_id("take").click()
    await expect(page.get_by_test_id("customer")).to_have_text(name(customer))
    await asyncio.to_thread(customer.sees, "С вами теперь человек")


async def leave(page: Page) -> None:
    """Leave the desk, so that the next test finds nobody there."""
    await page.get_by_test_id("offline").click()
    await expect(page.get_by_test_id("presence")).to_contain_text("не на линии")


def typing(customer: Person) -> bool:
    return any(act["action"] == "typing" for act in customer.system.sandbox.chat(customer.id)["actions"])


async def test_a_customer_is_served_in_the_browser_and_in_telegram(
    signed_in: SignIn, system: System, customer: Person
) -> None:
    system.manage("canned", "add", "hello", "Здравствуйте, {name}! Меня зовут {operator}.")
    page, telegram = await at_desk(signed_in, MODERATOR), make_person(system, MODERATOR)
    await take(page, customer)
    box, said = page.get_by_test_id("input"), page.get_by_test_id("message")
    await expect(page.get_by_test_id("context")).to_contain_text("подтверждён через Telegram")

    await box.press_sequentially("Добрый день, чем")
    await asyncio.to_thread(wait_until, lambda: typing(customer), 10, "the sign that somebody types")
    await box.press_sequentially(" помочь?")
    await box.press("Enter")
    await asyncio.to_thread(customer.sees, "Добрый день, чем помочь?")
    await asyncio.to_thread(telegram.sees, "Отправлено", "чем помочь?")
    await expect(said.last).to_contain_text("Добрый день, чем помочь?")
    await expect(said.last.get_by_test_id("delivery")).to_have_text("✓")

    customer.says("Не приходит <b>выписка</b>")
    await expect(said.last).to_contain_text("Не приходит <b>выписка</b>")
    await expect(page.get_by_test_id("unread")).to_have_count(1)
    await expect(page).to_have_title("(1) Чаты")
    telegram.says("Сейчас посмотрю")
    await asyncio.to_thread(customer.sees, "Сейчас посмотрю")
    await expect(said.last).to_contain_text("Сейчас посмотрю")
    await expect(page.get_by_test_id("unread")).to_have_count(0)
    await expect(page).to_have_title("Чаты")

    await box.fill("/hel")
    await expect(page.get_by_test_id("canned").get_by_role("option")).to_contain_text("/hello")
    await box.press("Enter")
    await expect(box).to_have_value(f"Здравствуйте, {name(customer)}! Меня зовут {name(telegram)}.")
    await box.press("Control+Enter")
    await asyncio.to_thread(customer.sees, f"Здравствуйте, {name(customer)}!")

    customer.does(file={"kind": "photo", "base64": PIXEL, "caption": "вот экран", "name": None})
    picture = page.get_by_test_id("picture")
    await expect(picture).to_be_visible()
    await expect(said.last).to_contain_text("вот экран")
    assert await picture.evaluate("async (image) => { await image.decode(); return image.naturalWidth; }") == 1

    await page.get_by_test_id("note-text").fill("Клиент из Казани")
    await page.get_by_test_id("context").get_by_test_id("note").filter(has_text="Сохранить").click()
    await expect(page.get_by_role("listitem").filter(has_text="Клиент из Казани")).to_be_visible()
    await page.get_by_test_id("feed").click()
    await page.keyboard.press("Escape")
    await page.keyboard.press("/")
    await page.keyboard.type("выписк")
    await expect(page.get_by_test_id("hit")).to_contain_text("Не приходит")
    await shot(page, "desktop")

    await page.get_by_test_id("done").click()
    await asyncio.to_thread(customer.sees, "Разговор завершён.")
    await page.get_by_test_id("codes").get_by_text("Решено").click()
    await expect(page.get_by_test_id("empty")).to_be_visible()
    await leave(page)


async def test_a_second_operator_is_told_who_has_the_customer(
    signed_in: SignIn, system: System, customer: Person
) -> None:
    first, second = await at_desk(signed_in, MODERATOR), await at_desk(signed_in, SECOND_MODERATOR)
    await take(first, customer)
    await expect(second.get_by_test_id("waiting")).to_have_count(0)
    await expect(first).to_have_url(re.compile("chat="))
    chat = first.url.partition("chat=")[2]
    await second.goto(f"/console/desk?chat={chat}")
    await expect(second.get_by_test_id("holder")).to_contain_text(name(make_person(system, MODERATOR)))
    await expect(second.get_by_test_id("input")).to_be_hidden()
    act = f"new CustomEvent('act', {{bubbles: true, detail: {{act: 'send', chat: '{chat}', text: 'и я'}}}})"
    await second.evaluate(f"document.querySelector('[data-live]').dispatchEvent({act})")
    await expect(second.get_by_text("Этого клиента ведёт").last).to_be_visible()

    await first.get_by_test_id("colleagues").click()
    await shot(first, "transfer")
    await first.get_by_test_id("dialog").get_by_text(name(make_person(system, SECOND_MODERATOR))).click()
    await expect(second.get_by_test_id("input")).to_be_visible()
    await second.get_by_test_id("input").fill("Здравствуйте, теперь отвечаю я")
    await second.get_by_test_id("send").click()
    await asyncio.to_thread(customer.sees, "теперь отвечаю я")
    assert not [text for text in customer.texts() if "и я" in text.split("\n")]
    await leave(second)
    await leave(first)


async def test_on_a_phone_it_is_the_list_or_the_chat(signed_in: SignIn, customer: Person) -> None:
    page = await at_desk(signed_in, MODERATOR, PHONE)
    await expect(page.get_by_test_id("input")).to_be_hidden()
    await shot(page, "phone-list")
    await take(page, customer)
    await expect(page.get_by_test_id("queue")).to_be_hidden()
    await page.get_by_test_id("input").fill("Пишу с телефона")
    await page.get_by_test_id("send").click()
    await asyncio.to_thread(customer.sees, "Пишу с телефона")
    await shot(page, "phone-chat")
    await page.get_by_test_id("context").first.click()
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


async def test_a_supervisor_sees_all_watches_and_closes(signed_in: SignIn, customer: Person) -> None:
    operator = await at_desk(signed_in, MODERATOR)
    page = await signed_in(SUPERVISOR)
    await page.goto("/console/floor")
    await expect(page.get_by_test_id("tiles").get_by_test_id("waiting")).to_have_text("0")
    customer.says("Украли карту!")
    await expect(page.get_by_test_id("tiles").get_by_test_id("waiting")).to_have_text("1")
    await expect(page.get_by_test_id("waiting-row")).to_contain_text("Срочно")
    await expect(operator.get_by_test_id("urgent")).to_be_visible()
    await shot(operator, "urgent")
    await operator.get_by_test_id("next").click()
    await expect(operator.get_by_test_id("customer")).to_have_text(name(customer))
    row = page.get_by_test_id("served").filter(has_text=name(customer))
    await expect(row).to_be_visible()
    await expect(page.get_by_test_id("seat").first.get_by_test_id("load")).to_have_text("1/3")
    await shot(page, "floor")
    await row.get_by_test_id("watch").click()
    await expect(page.get_by_test_id("watched")).to_contain_text("Это записано")
    customer.says("Вы тут?")
    await expect(page.get_by_test_id("message").last).to_contain_text("Вы тут?")
    await expect(page.get_by_test_id("input")).to_be_hidden()
    await shot(page, "watched")
    await page.goto("/console/floor")
    await row.get_by_test_id("ask-close").click()
    await page.get_by_test_id("dialog").get_by_test_id("close").first.click()
    await asyncio.to_thread(customer.sees, "Разговор завершён.")
    await expect(row).to_have_count(0)
    await leave(operator)


async def test_the_page_of_one_who_lost_the_role_stands_still(signed_in: SignIn, system: System) -> None:
    account = 9011
    system.manage("grant", "moderator", str(account))
    page = await signed_in(account)
    await expect(page.get_by_test_id("presence")).to_be_visible()
    system.manage("revoke", "moderator", str(account))
    await page.get_by_test_id("online").click()
    await expect(page.get_by_label("Номер вашего аккаунта")).to_be_visible()
