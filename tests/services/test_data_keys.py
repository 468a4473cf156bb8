"""A data key belongs to one customer: made once, sealed to its row, and gone for good when it is destroyed."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from database.db import Database
from database.models import AuditAct, DataKey
from database.queries.audit import Wanted
from services.data_keys import CustomerErased, DataKeys, HoldInForce, UnknownDataKey
from services.retention.hold import lift, place
from tests.database.fixtures import another_bot
from tests.database.people import person
from utils.encryption import TamperedError, UnknownKeyError

ANNA, BORIS = 1, 2


def test_a_key_is_made_once_and_opens_what_it_sealed(database: Database) -> None:
    with database.unit_of_work() as uow:
        first, other = DataKeys(uow).of(ANNA), DataKeys(uow).of(BORIS)
        sealed = first.keyring.seal(b"said", "archive")
    with database.unit_of_work() as uow:
        again = DataKeys(uow).of(ANNA)
        assert again.id == first.id != other.id
        assert DataKeys(uow).by_id(first.id).keyring.open(sealed, "archive") == b"said"
        with pytest.raises(UnknownKeyError):
            other.keyring.open(sealed, "archive")
        assert first.keyring.newest not in repr(first)


def test_many_at_once_get_one_key(database: Database) -> None:
    def ask(_: int) -> object:
        with database.unit_of_work() as uow:
            return DataKeys(uow).of(ANNA).id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(16)))) == 1


def test_a_key_of_another_row_does_not_open(database: Database) -> None:
    with database.unit_of_work() as uow:
        keys = DataKeys(uow).of_all([ANNA, BORIS])
        rows = [uow.session.get(DataKey, keys[who].id) for who in (ANNA, BORIS)]
        assert rows[0]
        assert rows[1]
        rows[0].wrapped = rows[1].wrapped
        with pytest.raises(TamperedError):
            DataKeys(uow).of(ANNA)


def test_a_destroyed_key_leaves_its_row_and_the_time_and_the_next_one_is_another(database: Database) -> None:
    with database.unit_of_work() as uow:
        key = DataKeys(uow).of(ANNA)
    with database.unit_of_work() as uow:
        assert DataKeys(uow).destroy(ANNA, actor=ANNA, asked="twice") == [key.id]
        assert DataKeys(uow).destroy(ANNA, actor=ANNA) == []
        assert DataKeys(uow).destroy(BORIS, actor=ANNA) == []
    with database.unit_of_work() as uow:
        with pytest.raises(CustomerErased, match=r"erased on \d{4}-\d\d-\d\d \d\d:\d\d UTC"):
            DataKeys(uow).by_id(key.id)
        (row,) = uow.data_keys.of(ANNA)
        assert (row.wrapped, row.destroyed_at is not None) == (None, True)
        assert DataKeys(uow).of(ANNA).id != key.id
        (event,) = uow.audit.find(Wanted(act=AuditAct.DATA_KEY_DESTROYED), 9)
        assert (event.actor, event.subject, event.details) == (ANNA, f"data_key:{key.id}", '{"asked":"twice"}')


def test_a_hold_keeps_the_key_until_it_is_lifted(database: Database) -> None:
    with database.unit_of_work() as uow:
        person(uow, ANNA)
        key = DataKeys(uow).of(ANNA)
        hold = place(uow, ANNA, "case 7", actor=None)
    with database.unit_of_work() as uow, pytest.raises(HoldInForce, match="legal hold"):
        DataKeys(uow).destroy(ANNA, actor=None)
    with database.unit_of_work() as uow:
        lift(uow, hold.id, "closed", actor=None)
        assert DataKeys(uow).destroy(ANNA, actor=None) == [key.id]


def test_keys_of_another_bot_are_unknown(database: Database) -> None:
    other = another_bot(database.engine, database.vault)
    with database.unit_of_work() as uow:
        key = DataKeys(uow).of(ANNA)
    with other.unit_of_work() as uow:
        for key_id in (key.id, uuid4()):
            with pytest.raises(UnknownDataKey, match=str(key_id)):
                DataKeys(uow).by_id(key_id)
        assert DataKeys(uow).destroy(ANNA, actor=None) == []
        assert DataKeys(uow).of(ANNA).id != key.id
