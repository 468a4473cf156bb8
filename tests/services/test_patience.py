"""Patience with a database that goes away: what it ended is tried again, what it refuses is not."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from database.db import Database
from services.patience import until_done


def test_what_a_database_ended_as_it_went_away_is_tried_again(database: Database) -> None:
    tries: list[int] = []
    end = "SELECT pg_terminate_backend(pg_backend_pid())"

    def act() -> None:
        with database.unit_of_work() as uow:
            tries.append(len(tries))
            if database.system == "postgresql" and len(tries) == 1:
                uow.session.execute(text(end))

    waits = list(until_done(act))
    assert (len(tries), len(waits)) == ((2, 1) if database.system == "postgresql" else (1, 0))


def test_what_no_waiting_mends_is_raised(database: Database) -> None:
    def act() -> None:
        with database.unit_of_work() as uow:
            uow.session.execute(text("SELECT * FROM nowhere"))

    with pytest.raises(DBAPIError, match="nowhere"):
        list(until_done(act))
