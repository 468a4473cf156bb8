"""Signing in to the console: who gets a code, what a code opens, and when the door closes."""

import pytest
from sqlalchemy import select

from database.db import Database
from database.models import ConsoleSession, SignInCode
from database.types import db_now
from services.access import Permission, Role
from services.sign_in import ATTEMPTS
from tests.database.fixtures import another_bot
from tests.database.threads import together
from tests.services.door import STAFF, STRANGER, Door


@pytest.fixture
def door(database: Database) -> Door:
    return Door(database)


def test_a_code_from_the_chat_opens_a_session_once(door: Door) -> None:
    code = door.code()
    assert door.wakeups.deliveries == 1
    token = door.sign_in.open(STAFF, code)
    visitor = door.sign_in.visitor(token)
    assert visitor
    assert (visitor.telegram_id, visitor.language) == (STAFF, "en")
    assert visitor.may(Permission.EDIT_KNOWLEDGE)
    assert not visitor.may(Permission.APPROVE_KNOWLEDGE)
    assert door.sign_in.open(STAFF, code) is None


def test_a_code_opens_one_session_however_many_try_at_once(door: Door) -> None:
    code = door.code()
    tokens = together(lambda _: door.sign_in.open(STAFF, code), 4)
    assert len([token for token in tokens if token]) == 1


def test_a_stranger_gets_nothing_and_leaves_nothing(door: Door) -> None:
    door.sign_in.send_code(STRANGER)
    assert door.told(STRANGER) == []
    assert door.sign_in.open(STRANGER, "000000") is None
    with door.database.reading() as uow:
        assert uow.session.get(SignInCode, (door.database.bot_id, STRANGER)) is None


def test_another_code_comes_half_a_minute_later_and_ends_the_first(door: Door) -> None:
    first = door.code()
    door.sign_in.send_code(STAFF)
    assert len(door.told()) == 1
    door.later(31)
    second = door.code()
    if first != second:
        assert door.sign_in.open(STAFF, first) is None
    assert door.sign_in.open(STAFF, second)


def test_after_a_code_was_used_the_next_one_comes_at_once(door: Door) -> None:
    assert door.sign_in.open(STAFF, door.code())
    assert door.sign_in.open(STAFF, door.code())


def test_a_code_is_too_old_after_five_minutes(door: Door) -> None:
    code = door.code()
    door.later(301)
    assert door.sign_in.open(STAFF, code) is None


def test_mistakes_close_the_door_for_longer_each_time(door: Door) -> None:
    for seconds in (60, 120, 240):
        code = door.code()
        door.wrong(ATTEMPTS)
        assert door.sign_in.open(STAFF, code) is None
        door.later(31)
        sent = len(door.told())
        door.sign_in.send_code(STAFF)
        assert len(door.told()) == sent
        locked = door.row().locked_until
        with door.database.reading() as uow:
            assert locked
            assert seconds - 60 < (locked - uow.now()).total_seconds() <= seconds - 30
        door.later(seconds)
    assert door.sign_in.open(STAFF, door.code())
    assert door.row().lockouts == 0


def test_a_new_code_brings_no_new_attempts(door: Door) -> None:
    door.code()
    door.wrong(ATTEMPTS - 1)
    door.later(31)
    code = door.code()
    door.wrong()
    assert door.sign_in.open(STAFF, code) is None


def test_neither_code_nor_token_is_in_the_rows(door: Door) -> None:
    code = door.code()
    row = door.row()
    assert code.encode() not in (row.code_hash or b"")
    token = door.sign_in.open(STAFF, code)
    with door.database.reading() as uow:
        [session] = uow.session.scalars(select(ConsoleSession).where(ConsoleSession.bot_id == door.database.bot_id))
    assert token
    assert token.encode() not in session.token_hash
    assert bytes.fromhex(token) != session.token_hash


def test_a_session_ends_by_signing_out_age_or_silence(door: Door) -> None:
    for end in ("signed out", "old", "silent"):
        door.later(31)
        token = door.sign_in.open(STAFF, door.code())
        assert token
        door.session(seen_at=db_now(-1700))
        assert door.sign_in.visitor(token)
        if end == "signed out":
            door.sign_in.end(token)
        else:
            door.session(**({"expires_at": db_now(-1)} if end == "old" else {"seen_at": db_now(-1801)}))
        assert door.sign_in.visitor(token) is None


def test_a_session_in_use_goes_on_and_is_written_down_once_a_minute(door: Door) -> None:
    token = door.sign_in.open(STAFF, door.code())
    seen_at = select(ConsoleSession.seen_at).where(ConsoleSession.bot_id == door.database.bot_id)
    for ago in (10, 1700):
        door.session(seen_at=db_now(-ago))
        with door.database.reading() as uow:
            before = uow.session.scalars(seen_at).one()
        assert door.sign_in.visitor(token)
        with door.database.reading() as uow:
            assert (uow.session.scalars(seen_at).one() > before) is (ago == 1700)


def test_a_role_taken_away_ends_the_visit_at_once(door: Door) -> None:
    token = door.sign_in.open(STAFF, door.code())
    assert door.sign_in.visitor(token)
    with door.database.unit_of_work() as uow:
        uow.roles.revoke(STAFF, Role.EDITOR)
    assert door.sign_in.visitor(token) is None


def test_a_session_of_another_bot_opens_nothing(door: Door) -> None:
    other = Door(another_bot(door.database.engine, door.database.vault))
    token = door.sign_in.open(STAFF, door.code())
    assert other.sign_in.visitor(token) is None
    assert door.sign_in.visitor(None) is None
    assert door.sign_in.visitor("") is None


def test_all_sessions_of_an_account_are_ended_together(door: Door) -> None:
    token = door.sign_in.open(STAFF, door.code())
    with door.database.unit_of_work() as uow:
        assert uow.console.end_sessions(STAFF) == 1
    assert door.sign_in.visitor(token) is None
