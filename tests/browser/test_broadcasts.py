"""Broadcasts in the console: written by one, approved by another, watched, paused, reported, and saved as a file."""

import asyncio

import pytest
from playwright.async_api import FilePayload, Page, expect

from services.access import Role
from tests.browser.staff import Hire, SignIn
from tests.browser.windows import PHONE
from tests.e2e.acts import register
from tests.e2e.conftest import Person, make_person
from tests.system import System

pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TEXT = "Завтра отделения закрыты"


def readers(system: System, number: int) -> list[Person]:
    people = [make_person(system) for _ in range(number)]
    for person in people:
        register(person)
    return people


async def written(page: Page, text: str) -> None:
    """Begin a broadcast and write what it says."""
    await page.goto("/console/broadcasts")
    await page.get_by_test_id("new-broadcast").click()
    await page.get_by_label("Текст").fill(text)
    await page.get_by_test_id("save").click()


def listing(*accounts: int) -> FilePayload:
    rows = "".join(f"{account}\n" for account in accounts)
    return FilePayload(name="list.csv", mimeType="text/csv", buffer=f"account\n{rows}".encode())


async def drawn_anew_meanwhile(page: Page) -> None:
    """Save once more, and go on typing until that is shown; what was typed stays, and so do the buttons."""
    await page.get_by_test_id("cancel").evaluate("(element) => element.classList.add('same-as-before')")
    await page.get_by_test_id("reach").evaluate("(element) => element.classList.add('of-before')")
    await page.get_by_test_id("save").click()
    await page.get_by_label("Кнопки-ссылки").fill("Карта - https://bank.example/map")
    await expect(page.locator(".of-before")).to_have_count(0)
    await expect(page.get_by_test_id("reach")).to_be_visible()
    await expect(page.locator(".same-as-before")).to_be_visible()
    await expect(page.get_by_label("Кнопки-ссылки")).to_have_value("Карта - https://bank.example/map")


async def test_one_writes_another_approves_and_both_see_it_end(signed_in: SignIn, hire: Hire, system: System) -> None:
    people = await asyncio.to_thread(readers, system, 2)
    author, other = await signed_in(hire(Role.ADMIN)), await signed_in(hire(Role.SUPERVISOR), "/broadcasts", PHONE)
    await written(author, f"<b>{TEXT}")
    await expect(author.get_by_text("Разметку не разобрать: строка 1")).to_be_visible()
    await author.get_by_label("Текст").fill(f"<b>{TEXT}</b>")
    await author.get_by_label("Кнопки-ссылки").fill("Карта - https://bank.example/map")
    await author.get_by_test_id("list").locator("input[type=file]").set_input_files(listing(*(p.id for p in people)))
    await expect(author.get_by_text("Номеров в файле: 2, знакомы боту: 2")).to_be_visible()
    await author.get_by_test_id("send").click()
    await expect(author.get_by_test_id("state")).to_have_text("ждёт согласования")
    await expect(author.get_by_test_id("approve")).to_have_count(0)
    await other.reload()
    await expect(other.get_by_test_id("broadcast").first).to_contain_text(TEXT)
    await other.goto(author.url)
    await expect(other.get_by_test_id("words")).to_have_text(TEXT)
    assert await other.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "it fits a phone"
    await other.get_by_test_id("approve").click()
    for person in people:
        got = await asyncio.to_thread(person.sees, TEXT)
        assert got["reply_markup"]["inline_keyboard"][0][0]["url"] == "https://bank.example/map"
    for page in (author, other):
        await expect(page.get_by_test_id("state")).to_have_text("закончена")
        await expect(page.get_by_test_id("figure-sent").locator(".figure")).to_have_text("2")
    async with author.expect_download() as started:
        await author.get_by_test_id("report").last.click()
    saved = await (await started.value).path()
    assert sorted(line.split(",")[:2] for line in saved.read_text().splitlines()[1:]) == sorted(
        [str(person.id), "sent"] for person in people
    )


async def test_mistakes_are_told_and_a_moderator_sees_only_their_own(signed_in: SignIn, hire: Hire) -> None:
    author = await signed_in(hire(Role.MODERATOR))
    await written(author, TEXT)
    await expect(author.get_by_text("Черновик сохранён")).to_be_visible()
    await expect(author.get_by_test_id("reach")).to_be_visible()
    async with author.expect_file_chooser() as chooser:
        await author.get_by_test_id("list").get_by_test_id("pick").click()
    await drawn_anew_meanwhile(author)
    await (await chooser.value).set_files(listing(7, 8))
    await expect(author.get_by_text("Номеров в файле: 2, знакомы боту: 0")).to_be_visible()
    await expect(author.get_by_text("по списку из файла")).to_be_visible()
    await author.get_by_test_id("moment").fill("2020-01-01 10:00")
    await author.get_by_test_id("save").click()
    await expect(author.get_by_text("Это время уже прошло")).to_be_visible()
    await author.get_by_test_id("moment").fill("2090-01-01 10:00")
    await author.get_by_test_id("trial").click()
    await expect(author.get_by_test_id("trial-result")).to_contain_text("2090-01-01 10:00")
    await author.get_by_test_id("close").click()
    await expect(author.get_by_test_id("trial-result")).to_have_count(0)
    supervisor = await signed_in(hire(Role.SUPERVISOR), "/broadcasts/00000000-0000-4000-8000-000000000000")
    await expect(supervisor.get_by_text("Среди ваших рассылок такой нет")).to_be_visible()
    await supervisor.get_by_test_id("back").click()
    await expect(supervisor.get_by_test_id("new-broadcast")).to_be_visible()
    await author.get_by_test_id("cancel").click()
    await expect(author.get_by_test_id("new-broadcast")).to_be_visible()
    await expect(author.get_by_test_id("broadcast")).to_have_count(0)
