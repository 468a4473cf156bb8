"""The other ways of the desk in a browser: suggestions, keys, marks, breaks, ratings, the second line, the floor."""

import asyncio
import re

import pytest
from playwright.async_api import Page, expect

from services.access import Role
from tests.browser.desking import at_desk, customer, shot, take
from tests.browser.staff import Hire, SignIn
from tests.e2e.acts import name, register
from tests.e2e.conftest import Person, make_person
from tests.e2e.own import FACT, QUESTION
from tests.system import System, wait_until

__all__ = ["customer"]
pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_an_operator_answers_by_suggestions_and_keys(
    signed_in: SignIn, hire: Hire, system: System, customer: Person
) -> None:
    telegram = hire(Role.MODERATOR)
    system.manage("canned", "add", "bye", "Всего доброго!")
    system.manage("canned", "add", "best", "С уважением, {operator}.")
    page = await at_desk(signed_in, telegram)
    await asks_and_is_taken(page, customer)
    await inserts_and_changes_a_suggestion(page, customer)
    await picks_a_canned_reply_by_arrows(page, customer)
    await sees_what_was_edited_and_deleted(page, customer, telegram)
    other = make_person(system)
    await asyncio.to_thread(register, other)
    await asks_and_is_taken(page, other)
    await page.get_by_test_id("suggestion").get_by_test_id("suggest").click()
    await asyncio.to_thread(other.sees, "👩‍💼", FACT)
    await moves_between_chats_by_keys(page, customer, other)
    await rings_and_counts(page, customer, other)
    await asyncio.to_thread(other.says, "/end")
    await rates_and_comes_back(page, customer)


async def asks_and_is_taken(page: Page, customer: Person) -> None:
    """Let a customer ask what the knowledge knows, and then for a person."""
    customer.says(QUESTION)
    await asyncio.to_thread(customer.sees, FACT)
    await take(page, customer)
    await expect(page.get_by_test_id("suggestion")).to_contain_text(FACT)


async def inserts_and_changes_a_suggestion(page: Page, customer: Person) -> None:
    box, suggestion = page.get_by_test_id("input"), page.get_by_test_id("suggestion")
    said = await suggestion.get_by_role("paragraph").inner_text()
    await suggestion.get_by_test_id("insert").click()
    await expect(box).to_have_value(said)
    await box.fill("Если коротко: 99 ₽")
    await box.press("Shift+Enter")
    await box.press_sequentially("в месяц.")
    await box.press("Enter")
    await asyncio.to_thread(customer.sees, "Если коротко: 99 ₽\nв месяц.")
    await expect(suggestion).to_be_hidden()


async def picks_a_canned_reply_by_arrows(page: Page, customer: Person) -> None:
    box, options = page.get_by_test_id("input"), page.get_by_test_id("canned").get_by_role("option")
    await box.fill("/b")
    await expect(options).to_have_count(2)
    await box.press("ArrowDown")
    await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    await box.press("Tab")
    await expect(box).to_have_value("Всего доброго!")
    await box.press("Enter")
    await asyncio.to_thread(customer.sees, "Всего доброго!")


async def sees_what_was_edited_and_deleted(page: Page, customer: Person, telegram: Person) -> None:
    last = page.get_by_test_id("message").last
    number = customer.says("Мой город Казань")
    await expect(last).to_contain_text("Мой город Казань")
    customer.does(edit={"message_id": number, "text": "Мой город Самара"})
    await expect(last).to_contain_text("Мой город Самара")
    await expect(last.get_by_test_id("changed")).to_have_text("изменено")
    number = telegram.says("Это лишнее")
    await asyncio.to_thread(customer.sees, "Это лишнее")
    await expect(last.get_by_test_id("delivery")).to_have_text("✓")
    telegram.does(text="/delete", reply_to=number)
    await expect(last.get_by_test_id("changed")).to_have_text("удалено у клиента")
    gone = lambda: not any("Это лишнее" in (text or "") for text in customer.texts())  # noqa: E731
    await asyncio.to_thread(wait_until, gone, 40, "the message to be gone at the customer's")


async def moves_between_chats_by_keys(page: Page, customer: Person, other: Person) -> None:
    shown = page.get_by_test_id("customer")
    await page.get_by_test_id("input").fill("черновик")
    await page.keyboard.press("Alt+ArrowDown")
    await expect(shown).to_have_text(name(customer))
    await expect(page.get_by_test_id("input")).to_have_value("")
    await page.keyboard.press("Alt+ArrowUp")
    await expect(shown).to_have_text(name(other))
    await expect(page.get_by_test_id("input")).to_have_value("черновик")
    await page.get_by_test_id("input").press("Escape")
    await page.keyboard.press("/")
    await expect(page.get_by_test_id("search")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("search")).not_to_be_focused()
    await page.get_by_test_id("input").fill("")


async def rings_and_counts(page: Page, customer: Person, other: Person) -> None:
    """Whoever writes in the chat that is not open rings, is marked there, and is counted in the title."""
    bell = page.get_by_test_id("bell")
    await expect(bell).to_have_attribute("aria-pressed", "false")
    await bell.click()
    await expect(bell).to_have_attribute("aria-pressed", "true")
    rang = "Number(document.querySelector('[data-live]').dataset.rang || 0)"
    before = await page.evaluate(rang)
    customer.says("Вы ещё тут?")
    other.says("И я тут")
    await expect(page.get_by_test_id("unread")).to_have_count(2)
    await expect(page).to_have_title("(2) Чаты")
    assert await page.evaluate(rang) > before
    await bell.click()


async def rates_and_comes_back(page: Page, customer: Person) -> None:
    await page.get_by_test_id("chat").filter(has_text=name(customer)).click()
    await expect(page.get_by_test_id("customer")).to_have_text(name(customer))
    await page.get_by_test_id("done").click()
    customer.presses(await asyncio.to_thread(customer.sees, "Оцените"), 3)
    await page.get_by_test_id("codes").get_by_text("Решено").click()
    await asyncio.to_thread(customer.sees, "4")
    customer.says("Ещё вопрос")
    await page.get_by_test_id("chat").filter(has_text=name(customer)).click()
    await expect(page.get_by_test_id("ratings")).to_have_text("★4")


async def test_a_supervisor_assigns_and_sees_breaks_and_readings(
    signed_in: SignIn, hire: Hire, customer: Person
) -> None:
    one, another, supervisor = hire(Role.MODERATOR), hire(Role.MODERATOR), hire(Role.SUPERVISOR)
    first, second = await at_desk(signed_in, one), await at_desk(signed_in, another)
    floor = await signed_in(supervisor, "/floor")
    await first.get_by_test_id("break").click()
    await first.get_by_test_id("away").filter(has_text="обед").click()
    await expect(first.get_by_test_id("presence")).to_contain_text("обед")
    seat = floor.get_by_test_id("seat").filter(has_text=name(one))
    await expect(seat).to_contain_text("обед")
    customer.says("/help")
    await floor.get_by_test_id("waiting-row").get_by_test_id("colleagues").click()
    await floor.get_by_test_id("dialog").get_by_text(name(another)).click()
    await expect(second.get_by_test_id("customer")).to_have_text(name(customer))
    served = floor.get_by_test_id("served").filter(has_text=name(customer))
    await expect(served).to_contain_text(name(another))
    await expect(second).to_have_url(re.compile("chat="))
    customer.says("Секрет для своего оператора")
    await expect(second.get_by_test_id("message").last).to_contain_text("Секрет для своего оператора")
    await reads_for_a_reason(first, floor, second.url.partition("chat=")[2][:6])
    told = lambda: any("Жалоба 17" in (text or "") for text in supervisor.texts())  # noqa: E731
    await asyncio.to_thread(wait_until, told, 40, "the supervisor to be told the reason")


async def reads_for_a_reason(page: Page, floor: Page, chat: str) -> None:
    await page.get_by_test_id("read-other").click()
    await page.get_by_test_id("read-id").fill(chat)
    await page.get_by_test_id("history").click()
    await expect(page.get_by_text("назовите причину").last).to_be_visible()
    await page.get_by_test_id("read-reason").fill("Жалоба 17")
    await page.get_by_test_id("history").click()
    dialog = page.get_by_test_id("dialog")
    await expect(dialog.get_by_test_id("line").last).to_contain_text("Секрет для своего оператора")
    await shot(page, "read")
    await dialog.get_by_test_id("close").click()
    await expect(floor.get_by_test_id("read-row")).to_contain_text(f"#{chat}")
    await shot(floor, "floor-reads")


async def test_a_chat_goes_up_to_the_second_line(
    signed_in: SignIn, hire: Hire, system: System, customer: Person
) -> None:
    above = hire(Role.MODERATOR)
    system.manage("operators", "add", str(above.id), "--name", "Борис", "--line", "2", "--no-pin")
    first, second = await at_desk(signed_in, hire(Role.MODERATOR)), await at_desk(signed_in, above)
    await take(first, customer)
    await first.get_by_test_id("ask-escalate").click()
    await first.get_by_test_id("dialog").get_by_test_id("escalate").click()
    await expect(first.get_by_test_id("dialog-problem")).to_contain_text("Здесь нужно что-нибудь написать")
    await first.get_by_test_id("escalation").fill("Перевод завис, нужен возврат")
    await shot(first, "escalate")
    await first.get_by_test_id("dialog").get_by_test_id("escalate").click()
    await expect(first.get_by_test_id("chat")).to_have_count(0)
    await expect(second.get_by_test_id("waiting")).to_contain_text("Вторая линия")
    await second.get_by_test_id("waiting").get_by_test_id("take").click()
    await expect(second.get_by_test_id("beside").get_by_role("listitem")).to_contain_text("Перевод завис")
    await second.get_by_test_id("input").fill("Возврат оформлен")
    await second.get_by_test_id("input").press("Enter")
    await asyncio.to_thread(customer.sees, "Борис", "Возврат оформлен")
