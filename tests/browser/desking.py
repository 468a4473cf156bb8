"""The desk in a browser: its fixtures, and the short ways to what people do there."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.staff import SignIn
from tests.e2e.acts import let_everybody_go, name, register
from tests.e2e.conftest import Person, make_person
from tests.system import System


@pytest_asyncio.fixture(loop_scope="session")
async def customer(system: System) -> AsyncIterator[Person]:
    """Return a customer who told their number, and is alone in the queue; let nobody serve them afterwards."""
    await asyncio.to_thread(let_everybody_go, system)
    person = make_person(system)
    await asyncio.to_thread(register, person)
    yield person
    person.says("/end")
    await asyncio.to_thread(person.sees, "")
    system.sandbox.faults()


async def shot(page: Page, what: str) -> None:
    """Keep a picture of a page, dark and light, if somebody named a folder for them."""
    if folder := os.environ.get("SCREENSHOTS"):
        for scheme in ("dark", "light"):
            await page.emulate_media(color_scheme=scheme)
            await page.screenshot(path=Path(folder) / f"desk-{what}-{scheme}.png")


async def at_desk(signed_in: SignIn, person: Person, *size: Any) -> Page:
    """Open the desk of somebody of the staff, who goes online there."""
    page = await signed_in(person, "/desk", *size)
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
    """Leave the desk."""
    await page.get_by_test_id("offline").click()
    await expect(page.get_by_test_id("presence")).to_contain_text("не на линии")


def typing(customer: Person) -> bool:
    """Return whether a customer was shown that somebody types."""
    return any(act["action"] == "typing" for act in customer.system.sandbox.chat(customer.id)["actions"])
