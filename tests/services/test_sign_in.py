"""Signing in to the console: who gets a code, what a code opens, and when the door closes."""

import pytest
from sqlalchemy import select

from database.db import Database
from database.models import ConsoleSession
from database.types import db_now
from services.access import Permission, Role
from services.sign_in import ALL, ATTEMPTS, EACH, Browser
from tests.database.fixtures import another_bot
from tests.database.threads import together
from tests.services.door import OWN, STAFF, STRANGER, Door

ELSEWHERE = Browser("another browser", "another network")


@pytest.fixture
def door(database: Database) -> Door:
    return Door(database)


def test_a_code_from_the_chat_opens_a_session_once(door: Door) -> None:
    code = door.code()
    assert door.wakeups.deliveries == 1
    token = door.open(code)
    visitor = door.sign_in.visitor(token)
    assert visitor
    assert (visitor.telegram_id, visitor.language) == (STAFF, "en")
    assert visitor.may(Permission.EDIT_KNOWLEDGE)
    assert not visitor.may(Permission.APPROVE_KNOWLEDGE)
    assert door.open(code) is None


def test_a_code_opens_one_session_however_many_try_at_once(door: Door) -> None:
    code = door.code()
    tokens = together(lambda _: door.open(code), 4)
    assert len([token for token in tokens if token]) == 1


def test_a_stranger_gets_nothing_and_leaves_nothing(door: Door) -> None:
    door.sign_in.send_code(STRANGER, OWN)
    assert door.told(STRANGER) == []
    assert door.sign_in.open(STRANGER, "00000000", OWN) is None
    assert door.rows() == []


def test_another_code_comes_half_a_minute_later_and_ends_the_first(door: Door) -> None:
    first = door.code()
    door.sign_in.send_code(STAFF, OWN)
    assert len(door.told()) == 1
    door.later(31)
    second = door.code()
    if first != second:
        assert door.open(first) is None
    assert door.open(second)


def test_after_a_code_was_used_the_next_one_comes_at_once(door: Door) -> None:
    assert door.open(door.code())
    assert door.open(door.code())


def test_a_code_is_too_old_after_five_minutes(door: Door) -> None:
    code = door.code()
    door.later(301)
    assert door.open(code) is None


def test_five_mistakes_spend_a_code_and_only_that(door: Door) -> None:
    code = door.code()
    door.wrong(ATTEMPTS)
    assert door.open(code) is None
    assert door.open(door.code())


def test_a_code_opens_nothing_in_another_browser_and_its_own_does(door: Door) -> None:
    code = door.code()
    assert door.open(code, ELSEWHERE) is None
    other = door.code(ELSEWHERE)
    assert door.open(other) is None
    assert door.open(code)
    assert door.open(other, ELSEWHERE)


def test_a_stranger_who_guesses_locks_nobody_out_and_soon_gets_no_more_codes(door: Door) -> None:
    for n in range(EACH + 2):
        door.sign_in.send_code(STAFF, Browser(f"a stranger's, {n}", "a network"))
        door.wrong(ATTEMPTS, Browser(f"a stranger's, {n}", "a network"))
    assert len(door.told()) == EACH
    assert door.open(door.code())


def test_from_many_networks_too_a_stranger_gets_few_codes_and_a_browser_in_use_keeps_its_own(door: Door) -> None:
    assert door.open(door.code())
    before = len(door.told())
    for n in range(ALL + 2):
        door.sign_in.send_code(STAFF, Browser(f"a stranger's, {n}", f"network {n}"))
    assert len(door.told()) == before + ALL
    door.sign_in.send_code(STAFF, ELSEWHERE)
    assert len(door.told()) == before + ALL
    assert door.open(door.code())


def test_a_browser_in_use_gets_few_codes_in_vain_and_more_after_an_hour(door: Door) -> None:
    assert door.open(door.code())
    before = len(door.told())
    for _ in range(EACH + 1):
        door.sign_in.send_code(STAFF, OWN)
        door.wrong(ATTEMPTS)
    assert len(door.told()) == before + EACH
    door.later(3601)
    assert door.open(door.code())


def test_a_browser_of_another_account_is_no_better_known_than_a_strangers(door: Door) -> None:
    with door.database.unit_of_work() as uow:
        uow.console.open_session(STRANGER, "a token", 60.0, OWN.secret)
    for n in range(ALL):
        door.sign_in.send_code(STAFF, Browser(f"a stranger's, {n}", f"network {n}"))
    door.sign_in.send_code(STAFF, OWN)
    assert len(door.told()) == ALL


def test_no_more_codes_go_out_than_may_however_many_ask_at_once(database: Database) -> None:
    door = Door(database)
    for n in range(EACH - 1):
        door.code(Browser(f"a stranger's, {n}", "a network"))
    together(lambda n: door.sign_in.send_code(STAFF, Browser(f"at once, {n}", "a network")), 4)
    assert len(door.told()) == EACH


def test_neither_code_nor_token_is_in_the_rows(door: Door) -> None:
    code = door.code()
    [row] = door.rows()
    hashes = (row.code_hash or b"", row.browser_hash, row.source_hash)
    assert not [digest for digest in hashes for text in (code, OWN.secret, OWN.source) if text.encode() in digest]
    token = door.open(code)
    with door.database.reading() as uow:
        [session] = uow.session.scalars(select(ConsoleSession).where(ConsoleSession.bot_id == door.database.bot_id))
    assert token
    assert token.encode() not in session.token_hash
    assert bytes.fromhex(token) != session.token_hash


def test_a_session_ends_by_signing_out_age_or_silence(door: Door) -> None:
    for end in ("signed out", "old", "silent"):
        door.later(31)
        token = door.open(door.code())
        assert token
        door.session(seen_at=db_now(-1700))
        assert door.sign_in.visitor(token)
        if end == "signed out":
            door.sign_in.end(token)
        else:
            door.session(**({"expires_at": db_now(-1)} if end == "old" else {"seen_at": db_now(-1801)}))
        assert door.sign_in.visitor(token) is None


def test_a_session_in_use_goes_on_and_is_written_down_once_a_minute(door: Door) -> None:
    token = door.open(door.code())
    seen_at = select(ConsoleSession.seen_at).where(ConsoleSession.bot_id == door.database.bot_id)
    for ago in (10, 1700):
        door.session(seen_at=db_now(-ago))
        with door.database.reading() as uow:
            before = uow.session.scalars(seen_at).one()
        assert door.sign_in.visitor(token)
        with door.database.reading() as uow:
            assert (uow.session.scalars(seen_at).one() > before) is (ago == 1700)


def test_a_role_taken_away_ends_the_visit_at_once(door: Door) -> None:
    token = door.open(door.code())
    assert door.sign_in.visitor(token)
    with door.database.unit_of_work() as uow:
        uow.roles.revoke(STAFF, Role.EDITOR)
    assert door.sign_in.visitor(token) is None


def test_a_session_of_another_bot_opens_nothing(door: Door) -> None:
    other = Door(another_bot(door.database.engine, door.database.vault))
    token = door.open(door.code())
    assert other.sign_in.visitor(token) is None
    assert door.sign_in.visitor(None) is None
    assert door.sign_in.visitor("") is None


def test_all_sessions_of_an_account_are_ended_together(door: Door) -> None:
    token = door.open(door.code())
    with door.database.unit_of_work() as uow:
        assert uow.console.end_sessions(STAFF) == 1
    assert door.sign_in.visitor(token) is None
