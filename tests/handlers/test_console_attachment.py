"""Files over HTTP: for whoever is signed in and may read them, as bytes to save and never as a page."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from database.db import Database
from handlers.console.attachment import STATUSES, attachment_router
from handlers.console.console import COOKIE, Console
from handlers.console.guard import Guard
from services.access import Role
from services.audit.reading import Reading
from services.errors import FileError
from services.explanation import Explanations
from services.knowledge.editing import Editing
from services.knowledge.questions import Questions
from tests.services.bank import MODERATOR
from tests.services.crossing import CUSTOMER, Line
from tests.services.door import STAFF, Door
from tests.services.keeping import Cabinet
from tests.services.settling import rooms
from tests.twins import TwinWords

SITE = "https://bank.example"
PDF = b"%PDF-1.7 a statement"


@pytest.fixture
def cabinet(sqlite: Database, tmp_path: Path) -> Cabinet:
    line = Line(sqlite)
    line.connect()
    return Cabinet(line, tmp_path / "objects")


@pytest.fixture
def browser(cabinet: Cabinet) -> Iterator[TestClient]:
    """Return the browser of a moderator who serves the customer."""
    database = cabinet.line.database
    door = Door(database)
    door.grant(Role.MODERATOR)
    with database.unit_of_work() as uow:
        conversation = uow.conversations.open_for(CUSTOMER)
        assert conversation
        assert conversation.staff_id == MODERATOR
        conversation.staff_id = STAFF
    app = FastAPI()
    app.add_middleware(Guard)
    editing, questions = Editing(database, lambda: None, "en"), Questions(database, lambda: None)
    explanations, reading = Explanations(database), Reading(database)
    console = Console(door.sign_in, editing, questions, explanations, TwinWords(), "en", reading, *rooms(database))
    app.include_router(attachment_router(console, cabinet.attachments))
    token = door.open(door.code())
    assert token
    with TestClient(app, base_url=SITE, follow_redirects=False, cookies={COOKIE: token}) as client:
        yield client


def test_a_file_is_given_as_something_to_save(browser: TestClient, cabinet: Cabinet) -> None:
    uid = cabinet.sent(PDF, 'Выписка "1".pdf')
    answer = browser.get(f"/console/attachments/{uid}")
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''%D0%92%D1%8B%D0%BF%D0%B8%D1%81%D0%BA%D0%B0%20%221%22.pdf"
    )
    assert answer.headers["cache-control"] == "no-store"


def test_only_pictures_keep_their_type(browser: TestClient, cabinet: Cabinet) -> None:
    for name, mime, content in (
        ("a.png", "image/png", b"\x89PNG\r\n\x1a\n"),
        ("a.txt", "text/plain", b"<b>"),
    ):
        shown = browser.get(f"/console/attachments/{cabinet.sent(content, name, mime)}").headers["content-type"]
        assert shown == (mime if name == "a.png" else "application/octet-stream")


def test_what_is_refused_is_no_page_either(browser: TestClient, cabinet: Cabinet) -> None:
    refused = browser.get(f"/console/attachments/{cabinet.sent(b'<html>')}")
    assert (refused.status_code, refused.text) == (415, "en:console.file.refused")
    assert browser.get(f"/console/attachments/{uuid4()}").status_code == 404
    assert browser.get("/console/attachments/..%2f..%2fetc").status_code in {404, 422}


def test_every_way_to_be_refused_has_its_status() -> None:
    kinds = list(FileError.__subclasses__())
    for kind in kinds:  # grows while it is walked
        kinds += kind.__subclasses__()
    assert {kind.code for kind in kinds} == set(STATUSES)


def test_nobody_reads_without_a_session(browser: TestClient, cabinet: Cabinet) -> None:
    uid = cabinet.sent(PDF)
    browser.cookies.clear()
    assert browser.get(f"/console/attachments/{uid}").headers["location"] == "/console/sign-in"
    assert cabinet.files.asked == 0
