"""The console as two people use it: one uploads, another approves, and a customer is answered from it."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FilePayload, Page, expect

from deploy.servers.redis import start_redis
from tests.e2e.conftest import Person, make_person
from tests.system import ADMIN, MODERATOR, System, running_system, wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SUPERVISOR = 9005
QUESTION = "Какая ставка по вкладу «Полярный»?"
FIRST, SECOND = "Ставка по вкладу «Полярный» 17 % годовых.", "Ставка по вкладу «Полярный» 16 % годовых."
SignIn = Callable[[int], Awaitable[Page]]


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    folder: Path = tmp_path_factory.mktemp("console")
    url = f"sqlite:///{folder / 'bot.db'}"
    with start_redis(folder, append_only=False) as redis, running_system(folder, url, redis.url) as running:
        running.manage("grant", "supervisor", str(SUPERVISOR))
        running.start("api")
        wait_until(lambda: answers(int(running.environment["HTTP_PORT"])), 40, "the HTTP front")
        yield running
        assert "Traceback" not in running.output("api")


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest_asyncio.fixture(loop_scope="session")
async def signed_in(browser: Browser, system: System) -> AsyncIterator[SignIn]:
    """Sign people in, each in a browser of their own, by the code that the bot sends them."""
    contexts = []
    errors: list[str] = []

    async def opened(account: int) -> Page:
        person = make_person(system, account)
        person.says("/start")
        await asyncio.to_thread(person.sees, "")
        address = f"http://127.0.0.1:{system.environment['HTTP_PORT']}"
        context = await browser.new_context(base_url=address, locale="ru-RU")
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        await page.goto("/console/")
        await page.get_by_label("Номер вашего аккаунта").fill(str(account))
        await page.keyboard.press("Enter")
        message = await asyncio.to_thread(person.sees, "Код для входа в консоль")
        code = re.search(r"\d{6}", message["text"])
        assert code
        await page.get_by_label("Код из шести цифр").fill(code[0])
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("account")).to_have_text(str(account))
        return page

    yield opened
    for context in contexts:
        await context.close()
    assert errors == []


async def give(page: Page, name: str, content: bytes) -> None:
    file = FilePayload(name=name, mimeType="text/plain", buffer=content)
    await page.locator("input[type=file]").set_input_files(file)


async def upload(page: Page, answer: str) -> None:
    await page.goto("/console/upload")
    content = f"## Вклады\n### {QUESTION}\n{answer}\n### Пустой вопрос?\n".encode()
    await give(page, "polar.txt", content)
    await expect(page.get_by_test_id("understood")).to_have_text("Понята 1 запись")
    await expect(page.get_by_test_id("warning")).to_have_text("Строка 4: нет ответа на вопрос «Пустой вопрос?».")
    await page.get_by_test_id("save").click()
    await expect(page.get_by_test_id("state")).to_have_text("ждёт решения")


async def approve(page: Page, address: str) -> None:
    await page.goto(address)
    await expect(page.get_by_test_id("golden")).not_to_contain_text("задаются")
    await page.get_by_test_id("approve").click()
    await expect(page.get_by_test_id("state")).to_have_text("действует")


async def told(customer: Person, answer: str) -> None:
    """Ask until the workers have taken a change up, which may take some seconds, and see the answer with its source."""

    def asked() -> bool:
        customer.says(QUESTION)
        return answer in customer.sees("")["text"]

    await asyncio.to_thread(wait_until, asked, 30, answer)
    assert any(answer in text and f"• {QUESTION}" in text for text in customer.texts())


async def test_one_uploads_another_approves_and_the_customer_is_answered(signed_in: SignIn, system: System) -> None:
    editor, supervisor = await signed_in(ADMIN), await signed_in(SUPERVISOR)
    customer = make_person(system)
    for answer in (FIRST, SECOND):
        await upload(editor, answer)
        await expect(editor.get_by_test_id("needs-another")).to_be_visible()
        await expect(editor.get_by_test_id("approve")).to_have_count(0)
        await approve(supervisor, editor.url)
        await told(customer, answer)
    await supervisor.goto("/console/")
    row = supervisor.get_by_test_id("document").filter(has_text="polar").get_by_test_id("version")
    await expect(row).to_have_count(2)
    await expect(row.first).to_contain_text("действует")
    await expect(row.last).to_contain_text("заменена")
    await row.first.get_by_role("link").click()
    await supervisor.get_by_test_id("roll-back").click()
    await supervisor.get_by_test_id("yes").click()
    await expect(supervisor.get_by_test_id("state")).to_have_text("снята")
    await told(customer, FIRST)


async def test_a_worse_version_shows_the_questions_that_lose(signed_in: SignIn, system: System) -> None:
    expected = "Сколько стоит обслуживание карты «Маяк»?"
    system.manage(
        "knowledge",
        "golden",
        "add",
        "карточка маяк она бесплатная вообще?",
        "--title",
        expected,
        "--as",
        str(SUPERVISOR),
    )
    page = await signed_in(ADMIN)
    await page.goto("/console/upload")
    await give(page, "context.ru.txt", "### Что-то?\nДругое.\n".encode())
    await page.get_by_test_id("save").click()
    await expect(page.get_by_test_id("worse")).to_be_visible()
    await expect(page.get_by_test_id("lost")).to_contain_text("карточка маяк она бесплатная вообще?")
    await expect(page.get_by_test_id("changes")).to_contain_text(expected)
    supervisor = await signed_in(SUPERVISOR)
    await supervisor.goto(page.url)
    await supervisor.get_by_test_id("approve").click()
    await expect(supervisor.get_by_text("согласовать её нельзя")).to_be_visible()
    await expect(supervisor.get_by_test_id("state")).to_have_text("ждёт решения")


async def test_a_file_that_cannot_be_used_is_refused_with_a_sentence(signed_in: SignIn) -> None:
    page = await signed_in(ADMIN)
    await page.goto("/console/upload")
    for name, content, sentence in (
        ("bad.txt", b"PK\x03\x04\x00", "Файлы такого вида прочесть нельзя."),
        ("note.txt", b"# A note.\n", "нет ни одной записи"),
        ("bad.pdf", b"%PDF-1.7 nonsense", "Документ повреждён"),
    ):
        await give(page, name, content)
        await expect(page.get_by_text(sentence)).to_be_visible()
        await expect(page.get_by_test_id("save")).to_have_count(0)


async def test_a_session_ends_while_a_page_is_open(signed_in: SignIn) -> None:
    """The page stays in the browser; the next act leads to the way in."""
    page = await signed_in(SUPERVISOR)
    other = await page.context.new_page()
    await page.goto("/console/upload")
    await other.goto("/console/")
    await other.get_by_test_id("sign-out").click()
    await expect(other.get_by_label("Номер вашего аккаунта")).to_be_visible()
    await give(page, "late.txt", b"### A?\nB.\n")
    await expect(page.get_by_label("Номер вашего аккаунта")).to_be_visible()


async def test_a_moderator_finds_nothing_to_do_here_yet(signed_in: SignIn) -> None:
    page = await signed_in(MODERATOR)
    await expect(page.get_by_test_id("nothing")).to_be_visible()
    await page.goto("/console/upload")
    await give(page, "mine.txt", b"### A?\nB.\n")
    await page.get_by_test_id("save").click()
    await expect(page.get_by_text("У вас нет права на это действие.")).to_be_visible()
