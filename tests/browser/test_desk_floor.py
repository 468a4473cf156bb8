"""A supervisor looks after the desk in the browser; and whose role is gone has nothing there any more."""

import asyncio
import re
from uuid import UUID

import pytest
from playwright.async_api import expect

from services.access import Role
from tests.browser.desking import at_desk, customer, shot
from tests.browser.front import database_of
from tests.browser.staff import Hire, SignIn
from tests.e2e.acts import name
from tests.e2e.conftest import Person
from tests.system import System

__all__ = ["customer"]
pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_supervisor_sees_all_watches_and_closes(signed_in: SignIn, hire: Hire, customer: Person) -> None:
    operator = await at_desk(signed_in, hire(Role.MODERATOR))
    page = await signed_in(hire(Role.SUPERVISOR), "/floor")
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


async def test_the_page_of_one_who_lost_the_role_stands_still(signed_in: SignIn, hire: Hire, system: System) -> None:
    person = hire(Role.MODERATOR)
    page = await signed_in(person, "/desk")
    await expect(page.get_by_test_id("presence")).to_be_visible()
    with database_of(system).unit_of_work() as uow:
        uow.roles.revoke(person.id, Role.MODERATOR)
    await page.evaluate("document.querySelector('[data-testid=online]')?.click()")  # unless the page saw it by itself
    await expect(page.get_by_label("Номер вашего аккаунта")).to_be_visible()


async def test_a_moderator_finds_the_desk_and_no_way_to_the_knowledge(signed_in: SignIn, hire: Hire) -> None:
    page = await signed_in(hire(Role.MODERATOR))
    await expect(page).to_have_url(re.compile("/console/desk"))
    await expect(page.get_by_test_id("upload")).to_have_count(0)
    await page.goto("/console/upload")
    await expect(page.get_by_test_id("nothing")).to_be_visible()
    await expect(page.locator("input[type=file]")).to_have_count(0)
    await page.goto(f"/console/version/{UUID(int=1)}")
    await expect(page.get_by_text("У вас нет права на это действие.")).to_be_visible()
