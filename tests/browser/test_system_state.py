"""The page of the system's state: what runs and what failed, and an administrator who brings it back."""

import pytest
from playwright.async_api import ViewportSize, expect
from sqlalchemy import insert

from benchmarks.installation import TOKEN
from database.models import Author, Delivery, Message, Priority
from database.types import db_now
from tests.browser.front import ADMIN, AUDITOR, Open, database_of, keep, no_sideways
from tests.browser.windows import DESKTOP, PHONE
from tests.system import System

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def dead_message(office: System, reason: str) -> None:
    """Let a message have come to no end."""
    database = database_of(office)
    with database.unit_of_work() as uow:
        row = {"bot_id": database.bot_id, "chat_id": 77, "author": Author.SYSTEM, "state": Delivery.DEAD}
        more = {"priority": Priority.REPLY, "failures": 12, "reason": reason, "created_at": db_now()}
        uow.session.execute(insert(Message).values(**row, **more))


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_the_system_says_what_runs_and_what_failed_and_brings_it_back(
    opened: Open, office: System, size: ViewportSize
) -> None:
    dead_message(office, f"first-{size['width']}")
    page = await opened(ADMIN, "/system", size)
    await expect(page.get_by_test_id("running")).to_contain_text("HTTP-служба · ")
    await expect(page.get_by_test_id("running")).to_contain_text(TOKEN.partition(":")[0])
    await expect(page.get_by_test_id("known")).to_contain_text("ещё не было")
    letter = page.get_by_test_id("letter").filter(has_text=f"first-{size['width']}")
    await expect(letter).to_contain_text("попыток: 12")
    await no_sideways(page)
    await keep(page, f"system-{size['width']}")
    await letter.get_by_test_id("drop").click()
    await page.get_by_test_id("why-outdated").click()
    await expect(letter).to_have_count(0)
    dead_message(office, f"second-{size['width']}")  # the page looks again by itself
    letter = page.get_by_test_id("letter").filter(has_text=f"second-{size['width']}")
    await expect(letter).to_be_visible()
    await letter.get_by_test_id("replay").click()
    await expect(letter).to_have_count(0)


async def test_an_auditor_sees_the_system_and_has_no_buttons(opened: Open, office: System) -> None:
    dead_message(office, "kept")
    page = await opened(AUDITOR, "/system")
    await expect(page.get_by_test_id("letter").first).to_be_visible()
    await expect(page.get_by_test_id("replay")).to_have_count(0)
    await expect(page.get_by_test_id("replay-all")).to_have_count(0)
