"""The console's way in over HTTP: the same for everybody, no other site's calls, a cookie out of reach of scripts."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from database.db import Database
from handlers.console.console import COOKIE, Console
from handlers.console.entry import KNOWN, entry_router, network
from handlers.console.guard import LARGEST, Guard
from services.access import Role
from services.audit.reading import Reading
from services.broadcast.drafting import LIST_BYTES
from services.explanation import Explanations
from services.knowledge.editing import Editing
from services.knowledge.parse import MAX_BYTES
from services.knowledge.questions import Questions
from services.sign_in import SignIn
from tests.services.door import STAFF, STRANGER, Door
from tests.services.settling import rooms
from tests.twins import TwinWakeups, TwinWords

SITE = "https://bank.example"


@pytest.fixture
def door(sqlite: Database) -> Door:
    return Door(sqlite)


@pytest.fixture
def browser(door: Door) -> Iterator[TestClient]:
    words = TwinWords()
    sign_in = SignIn(door.database, words, TwinWakeups(), "en", 3600.0)
    app = FastAPI()
    app.add_middleware(Guard)
    database = door.database
    editing, questions = Editing(database, lambda: None, "en"), Questions(database, lambda: None)
    app.include_router(
        entry_router(
            Console(
                sign_in, editing, questions, Explanations(database), words, "en", Reading(database), *rooms(database)
            )
        )
    )

    @app.websocket("/console/socket")
    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.close()

    @app.post("/elsewhere")
    def elsewhere() -> None:
        """Stand for what is none of the console's business."""

    with TestClient(app, base_url=SITE, headers={"origin": SITE}, follow_redirects=False) as client:
        yield client


def enter(browser: TestClient, door: Door) -> Response:
    """Ask for a code in a browser and enter it there, in two halves as a person would read it out."""
    asked = browser.post("/console/sign-in", data={"telegram_id": str(STAFF)})
    assert all(part in asked.headers["set-cookie"].lower() for part in ("httponly", "secure", "samesite=strict"))
    code = door.read()
    return browser.post("/console/code", data={"telegram_id": str(STAFF), "code": f"{code[:4]} {code[4:]}"})


def test_staff_and_strangers_are_told_the_same(browser: TestClient, door: Door) -> None:
    pages = [browser.post("/console/sign-in", data={"telegram_id": str(who)}) for who in (STAFF, STRANGER)]
    assert [page.status_code for page in pages] == [200, 200]
    assert pages[0].text.replace(str(STAFF), "") == pages[1].text.replace(str(STRANGER), "")
    assert len(door.told()) == 1
    wrong = [browser.post("/console/code", data={"telegram_id": str(who), "code": "1"}) for who in (STAFF, STRANGER)]
    assert [page.status_code for page in wrong] == [403, 403]
    assert wrong[0].text.replace(str(STAFF), "") == wrong[1].text.replace(str(STRANGER), "")


def test_a_code_brings_a_cookie_that_no_script_and_no_other_site_gets(browser: TestClient, door: Door) -> None:
    done = enter(browser, door)
    assert (done.status_code, done.headers["location"]) == (303, "/console/")
    cookie = done.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "secure", "samesite=strict", "path=/console"))
    token = browser.cookies[COOKIE]
    assert door.sign_in.visitor(token)
    assert browser.post("/console/sign-out").headers["location"] == "/console/sign-in"
    assert door.sign_in.visitor(token) is None
    assert COOKIE not in browser.cookies


def test_a_code_is_of_no_use_in_a_browser_that_did_not_ask_for_it(browser: TestClient, door: Door) -> None:
    browser.post("/console/sign-in", data={"telegram_id": str(STAFF)})
    form = {"telegram_id": str(STAFF), "code": door.read()}
    own = browser.cookies.pop(KNOWN)
    assert browser.post("/console/code", data=form).status_code == 403
    browser.cookies.set(KNOWN, own, path="/console")
    assert browser.post("/console/code", data=form).status_code == 303


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("a socket", "a socket"),
    ],
)
def test_addresses_that_one_customer_may_choose_from_are_one_network(address: str, source: str) -> None:
    assert network(address) == source


def test_the_cookie_is_for_tls_alone_behind_a_proxy_that_nobody_told_us_of(browser: TestClient, door: Door) -> None:
    browser.post("/console/sign-in", data={"telegram_id": str(STAFF)})
    form, own = {"telegram_id": str(STAFF), "code": door.read()}, {"cookie": f"{KNOWN}={browser.cookies[KNOWN]}"}
    done = browser.post("http://bank.example/console/code", data=form, headers=own)
    assert "secure" in done.headers["set-cookie"].lower()


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "https://bank.example.evil.example"])
def test_another_sites_calls_do_not_come_through(browser: TestClient, door: Door, origin: str) -> None:
    for path in ("/console/sign-in", "/console/code", "/console/sign-out"):
        assert browser.post(path, data={"telegram_id": str(STAFF)}, headers={"origin": origin}).status_code == 403
    assert door.told() == []
    with pytest.raises(WebSocketDisconnect), browser.websocket_connect("/console/socket", headers={"origin": origin}):
        pass
    assert browser.post("/elsewhere", headers={"origin": origin}).status_code == 200


def test_the_consoles_own_socket_comes_through(browser: TestClient) -> None:
    with browser.websocket_connect("/console/socket", headers={"host": "bank.example", "origin": SITE}):
        pass


def test_bodies_that_are_too_large_or_of_no_known_length_are_refused(browser: TestClient) -> None:
    assert browser.post("/console/sign-in", headers={"content-length": str(LARGEST + 1)}).status_code == 413
    for file in (LIST_BYTES, MAX_BYTES):  # what pages take
        assert browser.post("/console/sign-in", headers={"content-length": str(file + 10_000)}).status_code != 413
    assert browser.post("/console/sign-in", content=iter([b"x"])).status_code == 411


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 16, "١٢٣", "<script>"])
def test_what_is_no_number_is_asked_again(browser: TestClient, number: str) -> None:
    for path in ("/console/sign-in", "/console/code"):
        page = browser.post(path, data={"telegram_id": number, "code": "000000"})
        assert page.status_code == 403
        assert "console.not_a_number" in page.text
        assert "<script>" not in page.text


def test_every_answer_says_what_a_browser_may_do_with_it(browser: TestClient) -> None:
    page = browser.get("/console/sign-in")
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cache-control"] == "no-store"
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script|\son\w+=|style=", page.text)
    assert browser.get("/console/style.css").headers["content-type"].startswith("text/css")


def test_the_forms_speak_the_browsers_language(browser: TestClient) -> None:
    assert "ru:console.title" in browser.get("/console/sign-in", headers={"accept-language": "ru-RU,en"}).text
    assert "en:console.title" in browser.get("/console/sign-in", headers={"accept-language": "en"}).text


def test_a_session_dies_with_the_last_role(browser: TestClient, door: Door) -> None:
    enter(browser, door)
    with door.database.unit_of_work() as uow:
        uow.roles.revoke(STAFF, Role.EDITOR)
    assert door.sign_in.visitor(browser.cookies[COOKIE]) is None
