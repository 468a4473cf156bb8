"""Files from a browser over HTTP: for whoever serves the customer, kept whole or not at all."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from database.db import Database
from handlers.console.console import COOKIE, Console
from handlers.console.desk_files import files_router
from handlers.console.guard import FILES, Guard
from services.access import Role
from services.audit.reading import Reading
from services.desk.desk import Desk
from services.desk.door import Door as Desks
from services.explanation import Explanations
from services.file_contents import check_contents
from services.gateways.folder_storage import FolderStorage
from services.knowledge.editing import Editing
from services.knowledge.questions import Questions
from services.uploads import TOGETHER, Uploads
from tests.services.bank import POLICY
from tests.services.crossing import CUSTOMER, Line
from tests.services.door import STAFF, Door
from tests.services.settling import rooms
from tests.twins import TwinRunning, TwinWords

SITE = "https://bank.example"
PDF = b"%PDF-1.7 a statement"


@pytest.fixture
def line(sqlite: Database) -> Line:
    line = Line(sqlite)
    line.connect()
    return line


@pytest.fixture
def browser(line: Line, tmp_path: Path) -> Iterator[TestClient]:
    """Return the browser of a moderator who serves the customer."""
    database, words = line.database, TwinWords()
    door = Door(database)
    door.grant(Role.MODERATOR)
    with database.unit_of_work() as uow:
        conversation = uow.conversations.open_for(CUSTOMER)
        assert conversation
        conversation.staff_id = STAFF
    editing, questions = Editing(database, lambda: None, "en"), Questions(database, lambda: None)
    console = Console(
        door.sign_in, editing, questions, Explanations(database), words, "en", Reading(database), *rooms(database)
    )
    storage = FolderStorage(tmp_path / "objects")
    uploads = Uploads(database.vault.keyring, database.bot_id, storage, TwinRunning(POLICY), checks=(check_contents,))
    app = FastAPI()
    app.add_middleware(Guard)
    app.include_router(files_router(console, Desks(database, line.bank.tools), uploads))
    token = door.open(door.code())
    assert token
    with TestClient(app, base_url=SITE, cookies={COOKIE: token}, headers={"origin": SITE}) as client:
        yield client


def post(browser: TestClient, chat: UUID, *files: tuple[str, bytes], caption: str = "", more: bytes = b"") -> Any:
    listed = json.dumps({"caption": caption, "files": [{"name": n, "size": len(c)} for n, c in files]}).encode()
    body = listed + b"".join(content for _, content in files) + more
    return browser.post(FILES, params={"chat": str(chat)}, content=body, headers={"x-list": str(len(listed))})


def chat_of(line: Line) -> UUID:
    return line.bank.conversation(CUSTOMER).id


def kept(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "objects" / "attachments").rglob("*") if path.is_file()]


def test_files_become_a_message_for_the_customer(browser: TestClient, line: Line, tmp_path: Path) -> None:
    answer = post(browser, chat_of(line), ("a.pdf", PDF), ("b.txt", "да".encode()), caption="вот")
    assert (answer.status_code, answer.content) == (204, b"")
    [message] = [message for message in line.waiting(CUSTOMER) if message.files]
    assert [file.name for file in message.files] == ["a.pdf", "b.txt"]
    assert message.html.endswith("\nвот")
    assert len(kept(tmp_path)) == 2
    assert any("a.pdf" in message.html for message in line.waiting(STAFF))


def test_what_is_refused_is_said_and_keeps_nothing(browser: TestClient, line: Line, tmp_path: Path) -> None:
    for name, content, key in (
        ("a.exe", b"MZ", "console.desk.file_wrong_type"),
        ("a.pdf", b"<html>", "console.desk.file_refused"),
        ("a.txt", b"", "console.desk.file_empty"),
    ):
        answer = post(browser, chat_of(line), (name, content))
        assert answer.status_code == 200
        assert key in answer.json()["problem"]
    assert kept(tmp_path) == []
    assert not any(message.files for message in line.waiting(CUSTOMER))


def test_a_chat_that_is_a_colleagues_by_now_gets_nothing(browser: TestClient, line: Line, tmp_path: Path) -> None:
    with line.database.unit_of_work() as uow:
        conversation = uow.conversations.open_for(CUSTOMER)
        assert conversation
        conversation.staff_id = STAFF + 1
    assert "desk.not_yours" in post(browser, chat_of(line), ("a.pdf", PDF)).json()["problem"]
    assert kept(tmp_path) == []


def test_files_stay_whose_message_may_have_been_written(
    browser: TestClient, line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(self: Desks, actor: int, act: Callable[[Desk], None]) -> None:
        with self.database.unit_of_work() as uow:
            act(Desk(uow, self.tools, actor))
        raise OperationalError("COMMIT", None, ConnectionError("the answer was lost"))

    monkeypatch.setattr(Desks, "do", lost)
    assert post(browser, chat_of(line), ("a.pdf", PDF)).status_code == 503
    [message] = [message for message in line.waiting(CUSTOMER) if message.files]
    assert [path.name for path in kept(tmp_path)] == [str(message.files[0].own)]


def test_what_no_page_sends_is_refused(browser: TestClient, line: Line, tmp_path: Path) -> None:
    chat = chat_of(line)
    assert post(browser, chat, ("a.pdf", PDF), more=b"more").status_code == 400
    for listed, body in (("0", b"{}"), ("x", b"{}"), ("9", b"{}"), ("2", b"[]"), ("70000", b"{}")):
        answer = browser.post(FILES, params={"chat": str(chat)}, content=body, headers={"x-list": listed})
        assert answer.status_code == 400
    size = {"content-length": str(TOGETHER + 2 * 2**20), "x-list": "2"}
    assert browser.post(FILES, params={"chat": str(chat)}, content=b"{}", headers=size).status_code == 413
    assert kept(tmp_path) == []


def test_strangers_and_other_sites_do_not_come_in(browser: TestClient, line: Line) -> None:
    chat = chat_of(line)
    assert (
        browser.post(FILES, params={"chat": str(chat)}, headers={"origin": "https://evil.example"}).status_code == 403
    )
    browser.cookies.clear()
    assert post(browser, chat, ("a.pdf", PDF)).status_code == 401
