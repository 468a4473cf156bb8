"""Somebody on a page of the console: what an act that took its time tells, when the page is another one by then."""

import asyncio
import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from nicegui import Client, ui
from nicegui.element import Element
from nicegui.slot import Slot

from database.db import Database
from handlers.console.broadcasts import do
from handlers.console.console import Console, Visit
from handlers.console.parts import answered, fill
from services.audit.reading import Reading
from services.desk.desk import Desk
from services.desk.door import Door as DeskDoor
from services.errors import DeskRefusal
from services.explanation import Explanations
from services.knowledge.editing import Editing
from services.knowledge.errors import DecidedError
from services.knowledge.questions import Questions
from services.sign_in import SignIn
from tests.services.bank import Bank
from tests.services.door import OWN, STAFF, Door
from tests.services.settling import rooms
from tests.twins import TwinWakeups, TwinWords


@pytest.fixture
def visit(sqlite: Database) -> Iterator[Visit]:
    """Give the visit of somebody who is signed in, to a page without a browser."""
    door, words = Door(sqlite), TwinWords()
    database = door.database
    sign_in = SignIn(database, words, TwinWakeups(), "en", 3600.0)
    editing, questions = Editing(database, lambda: None, "en"), Questions(database, lambda: None)
    console = Console(
        sign_in, editing, questions, Explanations(database), words, "en", Reading(database), *rooms(database)
    )
    token = sign_in.open(STAFF, door.code(), OWN)
    visitor = sign_in.visitor(token)
    assert token
    assert visitor
    visit = Visit(console, token, visitor)
    visit.page = Client(ui.page("/somewhere"))
    yield visit
    if not visit.over:
        visit.page.delete()


def told(page: Client) -> list[str]:
    return [data["message"] for _, kind, data in page.outbox.messages if kind == "notify"]


def redrawn(page: Client) -> Slot:
    """Return the place of a button that was pressed and is gone since."""
    with page:
        body = ui.element("div")
        with body, ui.element("section"):
            pressed = ui.element("button")
    slot = pressed.parent_slot
    assert slot is not None
    fill(body, lambda: None)
    return slot


async def test_a_refusal_is_told_though_the_button_was_drawn_anew(visit: Visit) -> None:
    assert visit.page is not None

    def decided() -> int:
        raise DecidedError("somebody was faster")

    with redrawn(visit.page):
        assert await visit.do(decided) is None
        visit.tell("console.done")
    assert told(visit.page) == ["en:console.error.decided", "en:console.done"]


async def test_what_follows_an_act_with_a_broadcast_reaches_the_page(visit: Visit, sqlite: Database) -> None:
    assert visit.page is not None
    bank = Bank(sqlite)

    def decided(_desk: Desk) -> None:
        raise DeskRefusal("broadcast.decided", state="sent")

    with redrawn(visit.page):
        await do(visit, DeskDoor(bank.database, bank.tools), decided)
        visit.download("report", "report.csv")
        visit.go("/broadcasts")
    assert told(visit.page) == ["en:broadcast.decided state=sent"]
    assert [kind for _, kind, _ in visit.page.outbox.messages] == ["notify", "download", "open"]


async def asked(visit: Visit) -> tuple[ui.dialog, Element, asyncio.Task[object]]:
    """Open a dialog by a button; returns it, what is drawn anew with that button, and who waits for the answer."""
    assert visit.page is not None
    dialogs: asyncio.Queue[ui.dialog] = asyncio.Queue()
    with visit.page:
        body = ui.element("div")

    async def press() -> object:
        with body, ui.element("section"):
            return await answered(visit, dialogs.put_nowait)

    pressed = asyncio.create_task(press())
    return await dialogs.get(), body, pressed


async def test_a_dialog_outlives_the_button_that_opened_it(visit: Visit) -> None:
    dialog, body, pressed = await asked(visit)
    fill(body, lambda: None)
    gc.collect()
    assert not dialog.is_deleted
    dialog.submit("yes")
    assert await pressed == "yes"
    assert dialog.is_deleted


async def test_nobody_waits_for_the_answer_of_who_has_left(visit: Visit) -> None:
    _, _, pressed = await asked(visit)
    assert visit.page is not None
    visit.page.delete()
    assert await pressed is None
    assert await answered(visit, lambda _: pytest.fail("nobody sees it")) is None


async def test_whoever_closed_the_page_is_told_nothing(visit: Visit, tmp_path: Path) -> None:
    assert visit.page is not None
    with visit.page:
        body = ui.element("div")
    visit.page.delete()
    done = tmp_path / "done"
    await visit.do(done.touch)
    visit.tell("console.done")
    visit.refuse("decided")
    visit.go("/version/1")
    fill(body, lambda: pytest.fail("nobody sees it"))
    assert done.exists()
    assert told(visit.page) == []
