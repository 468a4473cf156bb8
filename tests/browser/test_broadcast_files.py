"""A file with a broadcast that is written in the console: refused in words, shown to its author, sent to customers."""

import asyncio
import base64
from typing import Any

import pytest
from playwright.async_api import FilePayload, expect

from services.access import Role
from tests.browser.staff import Hire, SignIn
from tests.browser.test_broadcasts import TEXT, drawn_anew_meanwhile, listing, readers, written
from tests.browser.test_desk_files import PIXEL
from tests.browser.windows import PHONE
from tests.e2e.conftest import Person
from tests.system import System

pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def payload(name: str, content: bytes) -> FilePayload:
    return FilePayload(name=name, mimeType="application/octet-stream", buffer=content)


def photo_with_words(system: System, person: Person) -> dict[str, Any]:
    return system.sandbox.wait_for(person.id, lambda one: one["kind"] == "photo" and TEXT in one["text"], 0, 30)


async def test_a_photo_is_given_in_the_browser_and_comes_with_its_words(
    signed_in: SignIn, hire: Hire, system: System
) -> None:
    [reader] = await asyncio.to_thread(readers, system, 1)
    someone = hire(Role.ADMIN)
    author = await signed_in(someone, "/broadcasts", PHONE)
    await written(author, TEXT)
    given = author.get_by_test_id("file").locator("input[type=file]")
    await given.set_input_files(payload("virus.exe", b"MZ"))
    await expect(author.get_by_text("«virus.exe»: такие файлы отправлять нельзя")).to_be_visible()
    await given.set_input_files(payload("rates.pdf", b"<html>"))
    await expect(author.get_by_text("«rates.pdf» внутри не то, чем называется")).to_be_visible()
    await author.get_by_label("Кнопки-ссылки").fill("Карта - https://bank.example/map")
    await given.set_input_files(payload("тарифы.png", base64.b64decode(PIXEL)))
    await expect(author.get_by_test_id("file-now")).to_have_text("📎 тарифы.png")
    await expect(author.get_by_test_id("file-waits")).to_have_count(0)
    await expect(author.get_by_label("Кнопки-ссылки")).to_have_value("Карта - https://bank.example/map")
    assert await author.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "it fits a phone"
    await author.get_by_test_id("list").locator("input[type=file]").set_input_files(listing(reader.id))
    await expect(author.get_by_text("Номеров в файле: 1, знакомы боту: 1")).to_be_visible()
    await author.get_by_test_id("preview").click()
    shown = await asyncio.to_thread(photo_with_words, system, someone)
    await author.get_by_test_id("send").click()
    got = await asyncio.to_thread(photo_with_words, system, reader)
    for message in (shown, got):
        assert message["reply_markup"]["inline_keyboard"][0][0]["url"] == "https://bank.example/map"


async def test_a_file_may_be_taken_away_again(signed_in: SignIn, hire: Hire) -> None:
    author = await signed_in(hire(Role.MODERATOR))
    await written(author, TEXT)
    await author.get_by_test_id("file").locator("input[type=file]").set_input_files(payload("a.pdf", b"%PDF-1.7 x"))
    await expect(author.get_by_test_id("file-now")).to_have_text("📎 a.pdf")
    await author.get_by_test_id("file-remove").evaluate("(element) => element.classList.add('given-before')")
    await drawn_anew_meanwhile(author)
    await author.locator(".given-before").click()
    await expect(author.get_by_test_id("file-now")).to_have_count(0)
    await expect(author.get_by_label("Текст")).to_have_value(TEXT)
