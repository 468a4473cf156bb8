"""The door to the desk: an act goes on over a lost connection, but for one that may have been done already."""

import itertools
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

from database.models import Author
from services.desk.desk import Desk
from services.desk.door import Door
from services.desk.relaying import send_text
from tests.database.fixtures import another_bot
from tests.services.desking import ANNA, Floor


@pytest.fixture
def floor(postgres_engine: Engine) -> Floor:
    floor = Floor.of(another_bot(postgres_engine), ANNA)
    floor.meet(ANNA, 1)
    return floor


def said(floor: Floor) -> int:
    return sum(row.author == Author.OPERATOR for row in floor.messages(1))


def test_an_act_whose_commit_was_not_answered_is_not_done_again(floor: Floor) -> None:
    def commit_and_go(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        driver.commit()
        driver.close()

    chat = floor.conversation(1).id
    event.listen(floor.database.engine, "commit", commit_and_go, once=True)
    with pytest.raises(OperationalError):
        Door(floor.database, floor.tools).do(ANNA, lambda desk: send_text(desk, desk.locked(chat), "Good day."))
    assert said(floor) == 1


def test_a_connection_lost_before_is_made_anew(floor: Floor) -> None:
    chat, tries = floor.conversation(1).id, itertools.count(1)

    def lost_once(desk: Desk) -> None:
        driver: Any = desk.uow.session.connection().connection.driver_connection
        if next(tries) == 1:
            driver.close()
        send_text(desk, desk.locked(chat), "Good day.")

    Door(floor.database, floor.tools).do(ANNA, lost_once)
    assert (next(tries), said(floor)) == (3, 1)
