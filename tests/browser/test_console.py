"""The console as two people use it: one uploads, another approves, and a customer is answered from it."""

import asyncio

import pytest
from playwright.async_api import Page, expect

from services.access import Role
from services.knowledge.parse import MAX_BYTES
from tests.browser.staff import Hire, SignIn, approve, enter_by_code, give
from tests.browser.windows import PHONE
from tests.e2e.acts import NO_ANSWER
from tests.e2e.conftest import Person, make_person
from tests.services.formats.documents import pdf, word_bomb
from tests.system import System, wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

COST = "Сколько стоит обслуживание карты «Маяк»?"
QUESTION = "Какая ставка по вкладу «Полярный»?"
FIRST, SECOND = "Ставка по вкладу «Полярный» 17 % годовых.", "Ставка по вкладу «Полярный» 16 % годовых."


async def upload(page: Page, answer: str) -> None:
    await page.goto("/console/upload")
    content = f"## Вклады\n### {QUESTION}\n{answer}\n### Пустой вопрос?\n".encode()
    await give(page, "polar.txt", content)
    await expect(page.get_by_test_id("understood")).to_have_text("Понята 1 запись")
    await expect(page.get_by_test_id("warning")).to_have_text("Строка 4: нет ответа на вопрос «Пустой вопрос?».")
    await page.get_by_test_id("save").click()
    await page.get_by_label("Причина").fill("пока проверяется")
    await expect(page.get_by_test_id("golden")).not_to_contain_text("задаются")
    await expect(page.get_by_test_id("state")).to_have_text("ждёт решения")
    await expect(page.get_by_label("Причина")).to_have_value("пока проверяется")


async def told(customer: Person, answer: str) -> None:
    """Ask until the workers have taken a change up, which may take some seconds, and see the answer with its source."""

    def asked() -> bool:
        customer.says(QUESTION)
        if answer in customer.sees("🤖")["text"]:
            return True
        customer.says("/end")  # a second miss in a row would bring a person
        customer.sees("Разговор завершён")
        return False

    await asyncio.to_thread(wait_until, asked, 60, answer)
    assert any(answer in text and f"• {QUESTION}" in text for text in customer.texts())


async def test_one_uploads_another_approves_and_the_customer_is_answered(
    signed_in: SignIn, hire: Hire, system: System
) -> None:
    editor, supervisor = await signed_in(hire(Role.ADMIN)), await signed_in(hire(Role.SUPERVISOR))
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
    await supervisor.get_by_test_id("against").click()
    await supervisor.get_by_role("option", name="Версия 1").click()
    await expect(supervisor.get_by_test_id("change").locator("del")).to_have_text(FIRST)
    await expect(supervisor.get_by_test_id("change").locator("ins")).to_have_text(SECOND)
    await supervisor.get_by_test_id("roll-back").click()
    await supervisor.get_by_test_id("yes").click()
    await expect(supervisor.get_by_test_id("state")).to_have_text("снята")
    await told(customer, FIRST)
    customer.says("Как вывести пятно от вишни со скатерти?")
    refusal = await asyncio.to_thread(customer.sees, NO_ANSWER)
    customer.presses(refusal)
    await asyncio.to_thread(customer.sees, "Передаём разговор сотруднику")
    customer.says("/end")


async def test_a_worse_version_shows_the_questions_that_lose(signed_in: SignIn, hire: Hire, system: System) -> None:
    reviewer = hire(Role.SUPERVISOR)
    system.manage(
        "knowledge",
        "golden",
        "add",
        "карточка маяк она бесплатная вообще?",
        "--title",
        COST,
        "--as",
        str(reviewer.id),
    )
    page = await signed_in(hire(Role.ADMIN), "/upload")
    await give(page, "context.ru.txt", "### Что-то?\nДругое.\n".encode())
    await page.get_by_test_id("save").click()
    await expect(page.get_by_test_id("worse")).to_be_visible()
    await expect(page.get_by_test_id("lost")).to_contain_text("карточка маяк она бесплатная вообще?")
    await expect(page.get_by_test_id("changes")).to_contain_text(COST)
    supervisor = await signed_in(reviewer, page.url.partition("/console")[2])
    await supervisor.get_by_test_id("approve").click()
    await expect(supervisor.get_by_text("согласовать её нельзя")).to_be_visible()
    await expect(supervisor.get_by_test_id("state")).to_have_text("ждёт решения")


async def test_a_file_that_cannot_be_used_is_refused_with_a_sentence(signed_in: SignIn, hire: Hire) -> None:
    page = await signed_in(hire(Role.ADMIN), "/upload")
    for name, content, sentence in (
        ("bad.txt", b"PK\x03\x04\x00", "Файлы такого вида прочесть нельзя."),
        ("note.txt", b"# A note.\n", "нет ни одной записи"),
        ("bad.pdf", b"%PDF-1.7 nonsense", "Документ повреждён"),
        ("empty.txt", b"\n", "нет ни одной записи"),
        ("koi.txt", f"### {QUESTION}\n{FIRST}\n".encode("koi8-r", "ignore"), "Кодировка не распознана"),
        ("locked.pdf", pdf([("Secret", 12)], password="pass"), "Документ закрыт паролем."),
        ("bomb.docx", word_bomb(), "Файл слишком большой."),
        ("huge.txt", b"x" * (MAX_BYTES + 1), "Файл больше 10 МБ, такой не подойдёт."),
    ):
        await give(page, name, content)
        await expect(page.get_by_text(sentence).last).to_be_visible()
        await expect(page.get_by_test_id("save")).to_have_count(0)


async def test_a_session_ends_while_a_page_is_open(signed_in: SignIn, hire: Hire) -> None:
    """The page stays in the browser; the next act leads to the way in, where the code that the bot sends opens it."""
    person = hire(Role.SUPERVISOR)
    page = await signed_in(person, "/upload")
    other = await page.context.new_page()
    await other.goto("/console/")
    await other.get_by_test_id("sign-out").click()
    await expect(other.get_by_label("Номер вашего аккаунта")).to_be_visible()
    await give(page, "late.txt", b"### A?\nB.\n")
    await enter_by_code(page, person)


async def answered(system: System) -> tuple[Person, str]:
    """Return a customer who was told an answer, and its last line."""
    customer = make_person(system)
    customer.says(COST)
    said = await asyncio.to_thread(customer.sees, "•")
    return customer, said["text"].splitlines()[-1]


async def test_an_auditor_finds_an_answer_and_sees_why_it_was_said(
    signed_in: SignIn, hire: Hire, system: System
) -> None:
    customer, said = await answered(system)
    page = await signed_in(hire(Role.AUDITOR))
    await expect(page.get_by_test_id("upload")).to_have_count(0)
    await page.get_by_test_id("to-answers").click()
    await page.get_by_test_id("search-chat").fill(str(customer.id))
    await page.get_by_test_id("find").click()
    await expect(page.get_by_test_id("answer")).to_have_count(1)
    await expect(page.get_by_test_id("answer")).not_to_contain_text("Маяк")
    await page.get_by_test_id("answer").get_by_role("link").click()
    await expect(page.get_by_test_id("asked")).to_have_text(COST)
    await expect(page.get_by_test_id("said")).to_contain_text(said)
    source = page.get_by_test_id("source").first
    await source.locator("summary").click()
    await expect(source.get_by_test_id("source-version")).to_have_text("context · Версия 1")
    await expect(source).to_contain_text("Маяк")
    await page.goto(f"/console/answers?find={page.url.rpartition('/')[2]}")
    await expect(page.get_by_test_id("answer")).to_have_count(1)
    await page.goto("/console/answers?find=nonsense")
    await expect(page.get_by_test_id("wrong-search")).to_be_visible()


async def test_on_a_phone_nothing_runs_over_the_edge(signed_in: SignIn, hire: Hire, system: System) -> None:
    await answered(system)
    page = await signed_in(hire(Role.SUPERVISOR), "/answers", PHONE)
    address = await page.get_by_test_id("answer").first.get_by_role("link").get_attribute("href")
    for place in ("/console/answers", address or "", "/console/golden", "/console/"):
        await page.goto(place)
        await expect(page.get_by_test_id("to-answers")).to_be_visible()
        wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, place


async def test_golden_questions_are_added_checked_and_removed(signed_in: SignIn, hire: Hire) -> None:
    page = await signed_in(hire(Role.SUPERVISOR))
    await page.get_by_test_id("to-golden").click()
    await page.get_by_test_id("add").click()
    await expect(page.get_by_text("Напишите вопрос и укажите")).to_be_visible()
    await page.get_by_test_id("new-words").fill("маяк бесплатная?")
    await page.get_by_test_id("new-title").fill(COST)
    await page.get_by_test_id("add").click()
    row = page.get_by_test_id("golden-question").filter(has_text="маяк бесплатная?")
    await expect(row).to_be_visible()
    await page.get_by_test_id("check-now").click()
    await expect(row.get_by_test_id("place")).to_have_text("место 1", timeout=60_000)
    await row.get_by_test_id("remove").click()
    await expect(row).to_have_count(0)


async def test_without_the_right_role_no_answer_is_shown(signed_in: SignIn, hire: Hire) -> None:
    page = await signed_in(hire(Role.MODERATOR))
    for place in ("/console/answers", "/console/answer/1", "/console/golden"):
        await page.goto(place)
        await expect(page.get_by_test_id("nothing")).to_be_visible()
