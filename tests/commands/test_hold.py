"""Legal holds on the command line: placed and lifted with a reason, listed, and written down."""

import json
from uuid import uuid4

from click.testing import CliRunner, Result

from commands.hold import hold
from database.db import Database
from database.models import LegalHold
from database.queries.audit import Wanted
from tests.database.people import person


def run(database: Database, *words: str) -> Result:
    return CliRunner().invoke(hold, list(words), obj=database)


def test_a_hold_is_placed_listed_and_lifted_and_all_of_it_is_written_down(database: Database) -> None:
    with database.unit_of_work() as uow:
        person(uow, 7)
    first = run(database, "place", "7", "--reason", "case 12/2026,  district court").output.split()[-1]
    second = run(database, "place", "7", "--reason", "inspection").output.split()[-1]
    listed = run(database, "list").output.splitlines()
    assert [(line.split()[0], line.split("  ")[-1]) for line in listed] == [
        (first, "case 12/2026, district court"),
        (second, "inspection"),
    ]
    assert (
        run(database, "lift", first, "--reason", "closed").output == f"the hold {first} of 7 is lifted, 1 more hold\n"
    )
    assert run(database, "lift", second, "--reason", "over").output == f"the hold {second} of 7 is lifted\n"
    assert run(database, "list").output == ""
    assert run(database, "list", "--all").output.count("lifted") == 2
    with database.reading() as uow:
        rows = uow.session.query(LegalHold).filter_by(bot_id=database.bot_id).all()
        assert not any(word in row.reason for row in rows for word in (b"court", b"inspection"))
        events = uow.audit.oldest(Wanted(subject="account:7"), 9)
        assert [event.act for event in events] == ["hold_placed", "hold_placed", "hold_lifted", "hold_lifted"]
        assert [json.loads(event.details)["hold"] for event in events] == [first, second, first, second]
        assert not any("court" in event.details for event in events)


def test_what_cannot_be_held_or_lifted_is_told(sqlite: Database) -> None:
    with sqlite.unit_of_work() as uow:
        person(uow, 7)
    unknown = str(uuid4())
    for words, told in (
        (("place", "8", "--reason", "case"), "there is no customer 8"),
        (("place", "7", "--reason", "  "), "a reason has 1 to 500 characters"),
        (("place", "7"), "Missing option '--reason'"),
        (("lift", unknown, "--reason", "x"), f"there is no hold {unknown} in force"),
    ):
        result = run(sqlite, *words)
        assert (result.exit_code != 0, told in result.output) == (True, True)
    key = run(sqlite, "place", "7", "--reason", "case").output.split()[-1]
    run(sqlite, "lift", key, "--reason", "over")
    assert f"there is no hold {key} in force" in run(sqlite, "lift", key, "--reason", "again").output
