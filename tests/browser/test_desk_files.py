"""Files from the browser to a customer: chosen, dropped, pasted, refused; with words, as albums, and on a phone."""

import asyncio
import base64
import re
from typing import Any

import pytest
from playwright.async_api import FilePayload, Page, expect

from services.access import Role
from tests.browser.desking import at_desk, customer, shot, take
from tests.browser.staff import Hire, SignIn
from tests.browser.windows import PHONE
from tests.e2e.conftest import Person
from tests.system import System, wait_until

__all__ = ["customer"]
pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PDF = b"%PDF-1.7 " + b"Statement of the account. " * 40_000
MB = 2**20


def payload(name: str, content: bytes) -> FilePayload:
    return FilePayload(name=name, mimeType="application/octet-stream", buffer=content)


async def choose(page: Page, *files: FilePayload) -> None:
    await page.get_by_test_id("file-input").set_input_files(list(files))


def received(customer: Person, kind: str) -> list[dict[str, Any]]:
    """Return the messages of the bot in a customer's chat that hold a file of a kind."""
    messages = customer.system.sandbox.chat(customer.id)["messages"]
    return [message for message in messages if message["from"] == "bot" and message["kind"] == kind]


def _kept(system: System) -> list[bytes]:
    """Return what lies in the storage of the installation that tests share."""
    return [path.read_bytes() for path in (system.folder / "objects" / "attachments").rglob("*") if path.is_file()]


async def test_several_files_go_with_words_and_stand_in_the_chat(
    signed_in: SignIn, hire: Hire, system: System, customer: Person
) -> None:
    before = len(_kept(system))
    page = await at_desk(signed_in, hire(Role.MODERATOR))
    await take(page, customer)
    await choose(page, payload("экран.png", base64.b64decode(PIXEL)), payload("выписка.pdf", PDF))
    await choose(page, payload("второй.png", base64.b64decode(PIXEL)))
    await expect(page.get_by_test_id("enclosed-file")).to_have_count(3)
    await shot(page, "files")
    await page.get_by_test_id("input").fill("Вот <выписка> и снимки")
    await page.get_by_test_id("input").press("Enter")
    await asyncio.to_thread(wait_until, lambda: len(received(customer, "photo")) == 2, 40, "both pictures")
    await asyncio.to_thread(wait_until, lambda: received(customer, "document"), 40, "the document")
    assert "Вот <выписка> и снимки" in received(customer, "photo")[0]["text"]
    assert received(customer, "photo")[0]["protected"]
    await expect(page.get_by_test_id("enclosed-file")).to_have_count(0)
    await expect(page.get_by_test_id("input")).to_have_value("")
    said = page.get_by_test_id("message")
    pictures, document = said.nth(-2), said.last
    await expect(pictures.get_by_test_id("picture")).to_have_count(2)
    await expect(pictures).to_contain_text("Вот <выписка> и снимки")
    await expect(document).to_contain_text("выписка.pdf")
    await expect(document.get_by_test_id("delivery")).to_have_text("✓")
    sizes = "async (image) => { await image.decode(); return image.naturalWidth; }"
    assert await pictures.get_by_test_id("picture").first.evaluate(sizes) == 1
    kept = _kept(system)
    assert len(kept) == before + 3
    assert not any(b"Statement" in content for content in kept)
    await refuses_what_may_not_cross(page)
    await drops_and_pastes(page)
    await tells_why_a_file_did_not_arrive(page, system, customer)


async def refuses_what_may_not_cross(page: Page) -> None:
    problem = page.get_by_test_id("file-problem")
    for name, content, told in (
        ("run.exe", b"MZ", "такие файлы отправлять нельзя"),
        ("big.png", b"x" * (10 * MB + 1), "больше 10 МБ"),
        ("empty.pdf", b"", "пуст"),
    ):
        await choose(page, payload(name, content))
        await expect(problem).to_contain_text(told)
        await expect(page.get_by_test_id("enclosed-file")).to_have_count(0)
    await choose(page, payload("page.pdf", b"<!doctype html><script>alert(1)</script>"))
    await page.get_by_test_id("send").click()
    await expect(problem).to_contain_text("внутри не то, чем называется")
    await expect(page.get_by_test_id("enclosed-file")).to_have_count(1)
    await page.get_by_role("button", name="Убрать page.pdf").click()
    await expect(page.get_by_test_id("enclosed-file")).to_have_count(0)
    await expect(problem).to_be_hidden()


async def drops_and_pastes(page: Page) -> None:
    given = """(kind) => {
        const data = new DataTransfer();
        data.items.add(new File(["words"], `${kind}.txt`, { type: "text/plain" }));
        const box = document.querySelector("[data-testid=feed]");
        const how = { bubbles: true, cancelable: true, dataTransfer: data, clipboardData: data };
        if (kind === "paste") return box.dispatchEvent(new ClipboardEvent("paste", how));
        box.dispatchEvent(new DragEvent("dragover", how));
        box.dispatchEvent(new DragEvent("drop", how));
    }"""
    await page.evaluate(given, "drop")
    await page.evaluate(given, "paste")
    await expect(page.get_by_test_id("enclosed-file")).to_contain_text(["drop.txt", "paste.txt"])
    await page.get_by_role("button", name="Убрать drop.txt").click()
    await page.get_by_role("button", name="Убрать paste.txt").click()


async def tells_why_a_file_did_not_arrive(page: Page, system: System, customer: Person) -> None:
    system.sandbox.faults({"method": "sendDocument", "kind": "status", "status": 400})
    await choose(page, payload("отказ.pdf", PDF))
    await page.get_by_test_id("send").click()
    last = page.get_by_test_id("message").last
    await expect(last.get_by_test_id("why")).to_have_text("Telegram такое сообщение не принял.")
    await expect(last.get_by_test_id("delivery")).to_have_text("!")
    await shot(page, "file-failed")
    system.sandbox.faults()
    assert len(received(customer, "document")) == 1


async def test_a_file_goes_from_a_phone(signed_in: SignIn, hire: Hire, customer: Person) -> None:
    page = await at_desk(signed_in, hire(Role.MODERATOR), PHONE)
    await expect(page.locator("html")).to_have_attribute("lang", "ru")
    await take(page, customer)
    async with page.expect_file_chooser() as chosen:
        await page.get_by_test_id("attach").click()
    await (await chosen.value).set_files([payload("договор с очень длинным названием на телефоне.pdf", PDF)])
    await expect(page.get_by_test_id("enclosed-file")).to_have_count(1)
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    await shot(page, "phone-files")
    await page.get_by_test_id("send").click()
    await asyncio.to_thread(wait_until, lambda: received(customer, "document"), 40, "the document")
    await expect(page.get_by_test_id("message").last).to_contain_text(re.compile("договор.*pdf"))
