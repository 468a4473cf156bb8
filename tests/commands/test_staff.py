"""Staff on the command line: sessions end where they are told to, roles are gone through, nobody of them is barred."""

import csv

from click.testing import CliRunner

from commands.staff import grant, revoke, sign_out, staff
from database.db import Database
from database.models import AuditAct
from tests.database.people import person
from tests.services.door import STAFF, Door


def test_every_session_of_an_account_is_ended(sqlite: Database) -> None:
    door = Door(sqlite)
    tokens = [door.open(door.code()) for _ in range(2)]
    assert all(door.sign_in.visitor(token) for token in tokens)
    told = CliRunner().invoke(sign_out, [str(STAFF)], obj=sqlite).output
    assert told == f"2 sessions of {STAFF} ended\n"
    assert not any(door.sign_in.visitor(token) for token in tokens)


def test_a_review_lists_every_role_and_is_kept(sqlite: Database) -> None:
    for role, account in (("admin", 1), ("moderator", 2)):
        CliRunner().invoke(grant, [role, str(account)], obj=sqlite)
    lines = CliRunner().invoke(staff, ["review"], obj=sqlite).output.splitlines()
    assert [line.split(" | ")[:2] for line in lines[:-1]] == [["1", "admin"], ["2", "moderator"]]
    assert lines[-1] == "2 roles"
    written = CliRunner().invoke(staff, ["review", "--csv"], obj=sqlite).output
    rows = list(csv.DictReader(written.splitlines()))
    assert [(row["account"], row["role"], row["given_by"], row["pin"]) for row in rows] == [
        ("1", "admin", "command", "no"),
        ("2", "moderator", "command", "no"),
    ]
    assert "reviewed before: 2" in CliRunner().invoke(staff, ["review"], obj=sqlite).output


def test_the_server_takes_even_the_last_administrator_and_says_so(sqlite: Database) -> None:
    CliRunner().invoke(grant, ["admin", "1"], obj=sqlite)
    told = CliRunner().invoke(revoke, ["admin", "1"], obj=sqlite).output
    assert told == "1 is no longer admin; nobody administers the bot now\n"


def test_who_loses_a_role_loses_what_it_opened(sqlite: Database) -> None:
    door = Door(sqlite)
    token = door.open(door.code())
    for role in ("moderator", "editor"):
        CliRunner().invoke(grant, [role, str(STAFF)], obj=sqlite)
    with sqlite.unit_of_work() as uow:
        held = sorted(uow.roles.of(STAFF))
        uow.operators.ensure(STAFF).pin_hash = "kept"
    for role in held:
        CliRunner().invoke(revoke, [role, str(STAFF)], obj=sqlite)
    CliRunner().invoke(grant, ["moderator", str(STAFF)], obj=sqlite)
    with sqlite.reading() as uow:
        operator = uow.operators.of(STAFF)
        assert operator
        assert operator.pin_hash is None
    assert door.sign_in.visitor(token) is None


def test_who_was_barred_is_let_in_as_one_of_the_staff(sqlite: Database) -> None:
    with sqlite.unit_of_work() as uow:
        uow.users.bar(person(uow, 1), barred=True)
    CliRunner().invoke(grant, ["moderator", "1"], obj=sqlite)
    with sqlite.reading() as uow:
        assert uow.people.barred() == {}
        assert uow.audit.latest(AuditAct.PERSON_LET_IN)
