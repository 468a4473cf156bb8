"""The ends of sends: what whoever writes them down learns, and that they are written once."""

import pytest
from sqlalchemy.exc import OperationalError

from database.db import Database
from database.queries.delivery import DeliveryQueries
from services.errors import OutcomeUnknown, TransientError
from services.sending import failed, sent
from tests.database.people import message
from tests.services.test_delivery import dispatcher, said


def test_whoever_ends_a_send_learns_whether_its_chat_has_more(database: Database) -> None:
    postman = dispatcher(database)
    for chat_id in (1, 1, 2):
        said(database, chat_id)
    first, other = postman.take(10).parcels
    assert not postman.settle([sent(other, 1)])
    assert postman.settle([sent(first, 1)])
    [second] = postman.take(10).parcels
    assert not postman.settle([failed(second, TransientError("unavailable"))]), "it has to wait"


def test_endings_that_are_safe_are_not_written_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    said(database, 1)
    postman = dispatcher(database)
    [taken] = postman.take(10).parcels

    def away(*_: object) -> bool:
        raise OperationalError("SELECT", {}, Exception("away"))

    monkeypatch.setattr(DeliveryQueries, "waits_in", away)
    assert postman.settle([failed(taken, OutcomeUnknown("timeout"))]), "whoever does not know looks"
    assert message(database, taken.message_id).resends == 1
