"""PINs: signing in, misses that lock, what is left of a PIN anywhere, revoking, the first import."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner
from sqlalchemy import select, text

from commands.operators import operators
from database.db import Database
from database.models import AuditEvent, InboxRow, PinAttempts
from database.types import db_now
from services.access import Permission, Role
from services.desk.desk import Desk
from services.desk.jobs import DeskVerb, SignInOperator
from services.desk.pins import ATTEMPTS, fits, hashed, take_in
from tests.services.desking import ANNA, BORIS, Floor

PIN, OTHER = "48291377", "77120413"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let hashes be cheap: dozens of PINs are tried here, and each is meant to take a while."""
    monkeypatch.setattr("services.desk.pins._HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
def floor(database: Database) -> Floor:
    floor = Floor.of(database, BORIS)
    floor.grant(ANNA, Role.MODERATOR)
    with database.unit_of_work() as uow:
        operator = uow.operators.ensure(ANNA)
        operator.pin_hash = hashed(PIN)
        uow.operators.set_name(operator, "Anna of the bank")
    return floor


def signs_in(floor: Floor, pin: str = PIN, account: int = ANNA) -> str:
    return floor.does(SignInOperator(pin=pin, message_id=55), account)[-1]


def may(floor: Floor, account: int = ANNA) -> bool:
    with floor.database.reading() as uow:
        return Desk(uow, floor.tools, account).may(Permission.TAKE_CHATS)


def unlock(floor: Floor) -> None:
    with floor.database.unit_of_work() as uow:
        for row in uow.session.scalars(select(PinAttempts).where(PinAttempts.bot_id == floor.database.bot_id)):
            row.locked_until = None


def test_a_pin_costs_whoever_guesses_what_rfc_9106_advises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    kept = hashed(PIN)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert fits(kept, PIN)
    assert not fits(kept, OTHER)


def test_a_pin_opens_the_desk_and_a_logout_closes_it(floor: Floor) -> None:
    assert floor.acts(ANNA, DeskVerb.ONLINE) == ["en:desk.sign_in_first"], "a PIN was issued"
    assert "desk.signed_in name=Anna of the bank" in signs_in(floor)
    assert "desk.online" in floor.acts(ANNA, DeskVerb.ONLINE)[-1]
    floor.meet(ANNA, 1)
    assert "name=Anna of the bank" in floor.told(1)[-1]
    assert "given=1" in floor.acts(ANNA, DeskVerb.LOGOUT)[-1]
    assert not may(floor)


def test_the_message_with_the_pin_is_deleted_right_or_wrong(floor: Floor) -> None:
    for pin in (PIN, OTHER, ""):
        signs_in(floor, pin)
    assert floor.signals.deleted == [(ANNA, 55)] * 3


def test_five_misses_lock_for_longer_each_time(floor: Floor) -> None:
    for minutes in (1, 2, 4):
        assert ["desk.pin_wrong" in signs_in(floor, OTHER) for _ in range(ATTEMPTS)] == [True] * ATTEMPTS
        assert f"desk.pin_locked minutes={minutes}" in signs_in(floor), "the right one too"
        unlock(floor)
    assert "desk.signed_in" in signs_in(floor)
    assert "desk.pin_wrong" in signs_in(floor, OTHER), "one miss locks nothing after that"


def test_a_pin_is_its_operator_s_alone(floor: Floor) -> None:
    assert "desk.pin_wrong" in signs_in(floor, account=BORIS)
    assert "desk.pin_wrong" in signs_in(floor, account=1)
    assert not may(floor, 1)


def test_no_row_holds_the_pin(floor: Floor, caplog: pytest.LogCaptureFixture) -> None:
    signs_in(floor)
    signs_in(floor, OTHER)
    with floor.database.reading() as uow:
        wanted = select(InboxRow).where(InboxRow.bot_id == floor.database.bot_id, InboxRow.kind == "sign_in_operator")
        assert [row.body for row in uow.session.scalars(wanted)] == [None, None]
        for table in ("operators", "pin_attempts", "audit_events", "desk_events"):
            assert PIN not in str(uow.session.execute(text(f"SELECT * FROM {table}")).all())  # noqa: S608 - our names
        acts = uow.session.scalars(select(AuditEvent.act).where(AuditEvent.bot_id == floor.database.bot_id))
        assert {"signed_in", "sign_in_failed"} <= set(acts)
    assert PIN not in caplog.text
    assert PIN not in repr(SignInOperator(pin=PIN))


def test_a_session_runs_out_and_the_chats_go_back(floor: Floor) -> None:
    signs_in(floor)
    floor.acts(ANNA, DeskVerb.ONLINE)
    floor.meet(ANNA, 1)
    with floor.database.unit_of_work() as uow:
        operator = uow.operators.ensure(ANNA)
        assert operator.session_until
        operator.session_until -= timedelta(days=2)
    assert floor.says(ANNA, "still here") == ["en:refused.not_allowed"]
    floor.tend()
    assert floor.offered() == {1: BORIS}
    assert not [said for said in floor.told(1) if "still here" in said]


def test_revoking_ends_everything_at_once(floor: Floor) -> None:
    signs_in(floor)
    floor.acts(ANNA, DeskVerb.ONLINE)
    floor.meet(ANNA, 1)
    with floor.database.unit_of_work() as uow:
        uow.console.open_session(ANNA, "token", 3600.0)
    told = CliRunner().invoke(operators, ["revoke", str(ANNA)], obj=floor.database)
    assert told.output == f"{ANNA} is no operator any more\n"
    with floor.database.reading() as uow:
        assert uow.console.account("token", 3600.0) is None
    assert floor.says(ANNA, "I am still here") == ["en:refused.not_allowed"]
    assert not [said for said in floor.told(1) if "still here" in said]
    floor.tend()
    assert floor.offered() == {1: BORIS}
    assert "desk.pin_wrong" in signs_in(floor)


def test_an_administrator_revokes_in_telegram(floor: Floor) -> None:
    floor.grant(903, Role.ADMIN)
    signs_in(floor)
    floor.acts(ANNA, DeskVerb.ONLINE)
    floor.meet(ANNA, 1)
    assert "number=1" in floor.acts(903, DeskVerb.OPERATORS)[-1]
    [[button]] = floor.outbound(903)[-1].buttons
    assert button.data == f"operators:revoke:{ANNA}"
    assert floor.acts(ANNA, DeskVerb.OPERATORS, f"revoke {BORIS}") == ["en:refused.not_allowed"]
    assert f"name={ANNA} given=1" in floor.acts(903, DeskVerb.OPERATORS, f"revoke {ANNA}")[-1]
    assert not may(floor)


def test_the_command_line_issues_a_pin_that_is_shown_once(floor: Floor) -> None:
    run = CliRunner().invoke
    told = run(operators, ["add", "77", "--name", "Vera", "--line", "2", "--language", "kk"], obj=floor.database).output
    pin = told.partition("PIN ")[2][:8]
    assert "desk.signed_in name=Vera" in signs_in(floor, pin, 77)
    listed = run(operators, ["list"], obj=floor.database).output
    assert "77 | Vera | line 2 | usual chats | kk | no skills | PIN | offline" in listed
    assert pin not in listed
    again = run(operators, ["pin", "77"], obj=floor.database).output.partition("PIN ")[2][:8]
    assert not may(floor, 77), "the session before ended"
    assert "desk.pin_wrong" in signs_in(floor, pin, 77)
    assert "desk.signed_in" in signs_in(floor, again, 77)
    assert run(operators, ["pin", "78"], obj=floor.database).exit_code == 1


def test_pins_of_the_settings_are_taken_in_once_and_bound_to_who_uses_them(database: Database) -> None:
    floor = Floor.of(database)
    assert take_in(database, [(PIN, "Anna"), (OTHER, "")]) == 2
    assert take_in(database, [("11112222", "")]) == 0
    assert "desk.signed_in name=Anna" in signs_in(floor, PIN, 77)
    assert may(floor, 77)
    assert "desk.pin_wrong" in signs_in(floor, PIN, 78), "it has an owner now"


def test_strangers_together_do_not_guess_what_one_may_not(database: Database) -> None:
    floor = Floor.of(database)
    take_in(database, [(PIN, "Anna")])
    for stranger in range(100, 105):
        for _ in range(4):
            assert "desk.pin_wrong" in signs_in(floor, OTHER, stranger)
    assert "desk.pin_locked" in signs_in(floor, PIN, 200)


def test_a_lock_counts_from_the_database_s_clock(floor: Floor) -> None:
    for _ in range(ATTEMPTS):
        signs_in(floor, OTHER)
    with floor.database.unit_of_work() as uow:
        row = uow.operators.attempts(ANNA)
        row.locked_until = uow.session.scalar(select(db_now(-1)))
    assert "desk.signed_in" in signs_in(floor)
