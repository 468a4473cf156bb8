"""Staff on the command line: a session in the console ends where it is told to."""

from click.testing import CliRunner

from commands.staff import sign_out
from database.db import Database
from tests.services.door import STAFF, Door


def test_every_session_of_an_account_is_ended(sqlite: Database) -> None:
    door = Door(sqlite)
    tokens = [door.sign_in.open(STAFF, door.code()) for _ in range(2)]
    assert all(door.sign_in.visitor(token) for token in tokens)
    told = CliRunner().invoke(sign_out, [str(STAFF)], obj=sqlite).output
    assert told == f"2 sessions of {STAFF} ended\n"
    assert not any(door.sign_in.visitor(token) for token in tokens)
