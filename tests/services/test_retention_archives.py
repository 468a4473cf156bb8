"""Archives go when their time is over: whole, never past a legal hold, and never while their rows are here."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from database.db import Database
from database.models import ArchiveState, AuditAct
from database.queries.audit import Wanted
from services.archive.errors import NotArchived
from services.gateways.folder_storage import FolderStorage
from services.retention.hold import lift, place
from services.storage import StorageError
from settings.retention import RetentionSettings
from tests.services.archiving import CUSTOMER, OTHER, Room
from tests.services.keeping_days import applied, keeper

LONG_AGO = datetime.now(UTC) - timedelta(days=800)


@pytest.fixture
def room(database: Database, tmp_path: Path) -> Room:
    return Room(database, tmp_path)


class Forgetful(FolderStorage):
    """A folder that lets nothing go while it is told so."""

    stuck = True

    def remove(self, key: str) -> None:
        if self.stuck:
            raise StorageError("not now")
        super().remove(key)


def test_an_archive_goes_after_its_rows_and_young_ones_stay(room: Room) -> None:
    old = room.talk(CUSTOMER, day=LONG_AGO)
    room.archive()
    young = room.talk(OTHER)
    room.archive()
    schedule = keeper(room, archives=700)
    [planned] = schedule.plan()
    assert (planned.overdue.rows, planned.needed, planned.goes) == (1, 1, 0)
    assert schedule.run().rows == {"archives": 0}
    schedule = keeper(room, conversations=365, archives=700)
    assert schedule.run().rows == {"conversations": 1, "archives": 1}
    assert len(room.archives()) == 1
    assert len(room.objects()) == 2, "one part and one manifest"
    assert room.lines(young)
    with pytest.raises(NotArchived):
        room.lines(old)
    assert applied(room) == [("conversations", 1), ("archives", 1)]
    with room.database.reading() as uow:
        act = uow.audit.oldest(Wanted(act=AuditAct.RETENTION_APPLIED), 9)[-1]
    assert json.loads(act.details)["day"] == LONG_AGO.date().isoformat()
    assert (room.findings(), room.archive().archives) == ([], [])


def test_one_customer_under_a_hold_keeps_the_whole_archive(room: Room) -> None:
    for who in (CUSTOMER, OTHER):
        room.talk(who, day=LONG_AGO)
    room.archive()
    keeper(room, conversations=365).run()
    with room.database.unit_of_work() as uow:
        hold = place(uow, OTHER, "case 7", actor=None)
    schedule = keeper(room, archives=700)
    [planned] = schedule.plan()
    assert (planned.overdue.rows, planned.overdue.held, planned.needed, planned.goes) == (1, 1, 0, 0)
    assert schedule.run().rows == {"archives": 0}
    with room.database.unit_of_work() as uow:
        lift(uow, hold.id, "over", actor=None)
    assert schedule.run().rows == {"archives": 1}
    assert (room.archives(), room.objects()) == ([], [])


def test_what_storage_does_not_let_go_of_nobody_counts_on_and_the_next_night_clears_it(
    database: Database, tmp_path: Path
) -> None:
    store = Forgetful(tmp_path / "archive")
    room = Room(database, tmp_path, store=store)
    room.talk(day=LONG_AGO)
    room.archive()
    gone = keeper(room, conversations=365, archives=700).run()
    assert gone.failed == {"archives": "not now"}
    assert (room.archives(), len(room.archives(ArchiveState.ABANDONED))) == ([], 1)
    assert room.objects()
    store.stuck = False
    room.archive()
    assert (room.archives(ArchiveState.ABANDONED), room.objects()) == ([], [])


@pytest.mark.parametrize("conversations", [0, 400, 365])
def test_archives_outlive_their_rows(conversations: int) -> None:
    days = {"RETENTION_ARCHIVES_DAYS": 365, "RETENTION_CONVERSATIONS_DAYS": conversations}
    with pytest.raises(ValidationError, match="more days than RETENTION_CONVERSATIONS_DAYS"):
        RetentionSettings.model_validate(days)
