"""The audit log: written with the act or not at all, each act stamped with a key that the database does not hold."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from database.db import Database, UnitOfWork
from database.models import AuditAct, AuditEvent
from database.queries.audit import stamped
from tests.database.fixtures import another_bot
from tests.services.test_statements import counted


def events(uow: UnitOfWork) -> list[AuditEvent]:
    wanted = select(AuditEvent).where(AuditEvent.bot_id == uow.scope.bot_id)
    return list(uow.session.scalars(wanted.order_by(AuditEvent.at, AuditEvent.id)))


def test_an_act_is_written_with_what_it_changed(database: Database) -> None:
    with database.unit_of_work() as uow:
        uow.roles.grant(7, "admin", 8)
        uow.audit.record(AuditAct.ROLE_GRANTED, actor=8, subject="account:7", role="admin", before=None, new=True)
        now = uow.now()
    with database.reading() as uow:
        (event,) = events(uow)
    assert (event.act, event.actor, event.subject) == ("role_granted", 8, "account:7")
    assert json.loads(event.details) == {"role": "admin", "before": None, "new": True}
    assert abs(event.at - now) < timedelta(minutes=1), "by the database's clock"


def test_an_act_that_is_rolled_back_was_not_done(database: Database) -> None:
    def fails() -> None:
        with database.unit_of_work() as uow:
            uow.audit.record(AuditAct.AI_SWITCHED, actor=7, on=False)
            uow.audit.write()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    with database.reading() as uow:
        assert events(uow) == []


def test_acts_of_one_unit_are_one_statement_in_their_order(database: Database) -> None:
    with counted(database.engine) as statements, database.unit_of_work() as uow:
        for number in range(10):
            uow.audit.record(AuditAct.SIGNED_IN, actor=number)
    assert len(statements) == 1
    with database.reading() as uow:
        assert sorted(event.actor or 0 for event in events(uow)) == list(range(10))


def test_an_act_belongs_to_its_own_bot(database: Database) -> None:
    other = another_bot(database.engine)
    with other.unit_of_work() as uow:
        uow.audit.record(AuditAct.SIGNED_IN, actor=7)
    with database.reading() as uow:
        assert events(uow) == []


@pytest.mark.parametrize(
    ("column", "forged"),
    [("act", "signed_out"), ("actor", 8), ("actor", None), ("subject", "account:9"), ("details", "{}")],
)
def test_the_stamp_vouches_for_all_that_was_recorded(sqlite: Database, column: str, forged: object) -> None:
    ring = sqlite.vault.keyring
    with sqlite.unit_of_work() as uow:
        uow.audit.record(AuditAct.SIGNED_IN, actor=7, subject="account:7", attempts=1)
    with sqlite.reading() as uow:
        (event,) = events(uow)
        assert ring.is_stamp(event.stamp, stamped(event))
        uow.session.expunge(event)
    setattr(event, column, forged)
    assert not ring.is_stamp(event.stamp, stamped(event))


def test_an_act_is_not_lost_in_a_unit_that_only_reads(database: Database) -> None:
    with pytest.raises(RuntimeError, match="only reads"), database.reading() as uow:
        uow.audit.record(AuditAct.DIALOG_READ, actor=7)
