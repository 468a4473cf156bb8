"""Who reads people's files: whose customer it is now, and supervisors; each reading is written down."""

from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from database.db import Database
from database.models import AuditEvent, Conversation, ConversationState
from database.types import db_now
from services.access import Role
from services.desk.jobs import AtDesk, DeskVerb
from services.errors import NotAReaderError
from tests.services.bank import MODERATOR, OTHER_MODERATOR
from tests.services.crossing import CUSTOMER, Line
from tests.services.keeping import Cabinet

PDF = b"%PDF-1.7 Contract of Anna Petrova."


@pytest.fixture
def cabinet(sqlite: Database, tmp_path: Path) -> Cabinet:
    line = Line(sqlite)
    line.connect()
    return Cabinet(line, tmp_path / "objects")


def test_who_may_not_read_is_told_what_a_stranger_to_the_file_is(cabinet: Cabinet) -> None:
    uid = cabinet.sent(PDF)
    cabinet.line.bank.grant(OTHER_MODERATOR, Role.MODERATOR)
    for name, reader in ((uid, OTHER_MODERATOR), (uid, CUSTOMER), (uuid4(), MODERATOR)):
        with pytest.raises(NotAReaderError):
            cabinet.read(name, reader)
    with cabinet.line.database.unit_of_work() as uow:
        uow.roles.revoke(MODERATOR, Role.MODERATOR)
    with pytest.raises(NotAReaderError):
        cabinet.read(uid, MODERATOR)
    assert cabinet.files.asked == 0


def test_a_supervisor_reads_and_nobody_whom_a_pin_keeps_out(cabinet: Cabinet) -> None:
    uid = cabinet.sent(PDF)
    cabinet.line.bank.grant(OTHER_MODERATOR, Role.SUPERVISOR)
    assert cabinet.read(uid, OTHER_MODERATOR) == PDF
    with cabinet.line.database.unit_of_work() as uow:
        for reader in (MODERATOR, OTHER_MODERATOR):
            uow.operators.ensure(reader).pin_hash = "issued"
    for reader in (MODERATOR, OTHER_MODERATOR):
        with pytest.raises(NotAReaderError):
            cabinet.read(uid, reader)


def test_who_served_a_customer_before_reads_their_files_no_more(cabinet: Cabinet) -> None:
    uid = cabinet.sent(PDF)
    cabinet.line.bank.does(AtDesk(act=DeskVerb.DONE), MODERATOR)
    assert cabinet.read(uid, MODERATOR) == PDF, "just closed, and may be opened again"
    with cabinet.line.database.unit_of_work() as uow:
        uow.session.execute(update(Conversation).values(reopen_until=db_now(-1)))
    with pytest.raises(NotAReaderError):
        cabinet.read(uid, MODERATOR)


def test_who_a_customer_is_offered_to_reads_their_files(cabinet: Cabinet) -> None:
    uid = cabinet.sent(PDF)
    cabinet.line.bank.grant(OTHER_MODERATOR, Role.MODERATOR)
    with cabinet.line.database.unit_of_work() as uow:
        conversation = uow.conversations.open_for(CUSTOMER)
        assert conversation
        conversation.state, conversation.staff_id = ConversationState.QUEUED, None
        conversation.offered_to = OTHER_MODERATOR
    assert cabinet.read(uid, OTHER_MODERATOR) == PDF
    with pytest.raises(NotAReaderError):
        cabinet.read(uid, MODERATOR)


def test_reading_is_written_down(cabinet: Cabinet) -> None:
    cabinet.read(cabinet.sent(PDF), MODERATOR)
    with cabinet.line.database.reading() as uow:
        acts = uow.session.scalars(select(AuditEvent).where(AuditEvent.bot_id == uow.scope.bot_id)).all()
    assert ("file_opened", MODERATOR) in {(event.act, event.actor) for event in acts}
