"""Closed conversations become sealed archives that come back line by line, once, and customer by customer."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from database.db import Database
from database.models import AuditAct, Message
from database.queries.audit import Wanted
from services.archive.errors import ArchiveBusy, NotArchived
from services.data_keys import CustomerErased, DataKeys
from services.jobs import End, Say
from tests.database.fixtures import another_bot
from tests.services.archiving import CUSTOMER, NOW, OTHER, SECRET, Room
from tests.services.bank import MODERATOR
from tests.services.keeping import Cabinet

FIRST_DAY, SECOND_DAY = datetime(2026, 11, 3, 23, 59, tzinfo=UTC), datetime(2026, 11, 4, 0, 1, tzinfo=UTC)


@pytest.fixture
def room(database: Database, tmp_path: Path) -> Room:
    return Room(database, tmp_path)


def test_what_closed_is_archived_once_and_comes_back_with_all_that_was_said(room: Room) -> None:
    conversation = room.talk(CUSTOMER, SECRET, "How much is the card?")
    room.bank.asks("I am still talking", OTHER)
    done = room.archive()
    assert (done.conversations, len(done.archives), done.unreadable) == (1, 1, 0)
    lines = room.lines(conversation)
    assert (lines[0]["type"], lines[0]["id"], lines[0]["chat_id"]) == ("conversation", str(conversation), CUSTOMER)
    assert [line["body"] for line in lines if line.get("author") == "customer"] == [SECRET, "How much is the card?"]
    with room.database.reading() as uow:
        rows = uow.session.scalar(select(func.count()).where(Message.conversation_id == conversation))
    kinds = Counter(line["type"] for line in lines)
    assert (kinds["message"], kinds["answer"]) == (rows, 1)
    assert done.messages == rows
    again = room.archive()
    assert (again.archives, room.findings()) == ([], [])


def test_nothing_in_storage_says_what_was_said_or_by_whom(room: Room, tmp_path: Path) -> None:
    telegram_id = 777_000_111
    room.talk(telegram_id)
    room.archive()
    stored = b"".join(path.read_bytes() for path in (tmp_path / "archive").rglob("*") if path.is_file())
    assert stored
    assert not any(word in stored for word in (b"Agrafena", str(telegram_id).encode()))


def test_a_days_conversations_are_an_archive_and_parts_are_bounded(room: Room) -> None:
    room.part_bytes = 1
    first = {room.talk(who, day=FIRST_DAY) for who in (CUSTOMER, OTHER)}
    second = room.talk(3, day=SECOND_DAY)
    done = room.archive()
    names = [name.split("/") for name in room.objects()]
    assert sorted((name[0], name[2]) for name in names) == [
        ("2026-11-03", "manifest.json"),
        ("2026-11-03", "part-00000"),
        ("2026-11-03", "part-00001"),
        ("2026-11-04", "manifest.json"),
        ("2026-11-04", "part-00000"),
    ]
    assert done.conversations == 3
    for day, wanted in ((FIRST_DAY, first), (SECOND_DAY, {second})):
        restored = room.restore(lambda restorer, day=day: restorer.day(day.date()))  # type: ignore[misc]
        assert {item.conversation_id for item in restored} == wanted
    with pytest.raises(NotArchived, match="2026-11-05"):
        room.restore(lambda restorer: restorer.day(datetime(2026, 11, 5, tzinfo=UTC).date()))


def test_a_customer_comes_back_alone(room: Room) -> None:
    mine = {room.talk(CUSTOMER, day=FIRST_DAY), room.talk(CUSTOMER, "and again", day=SECOND_DAY)}
    room.talk(OTHER, day=FIRST_DAY)
    room.archive()
    restored = room.restore(lambda restorer: restorer.customer(CUSTOMER))
    assert {item.conversation_id for item in restored} == mine
    with pytest.raises(NotArchived, match="of the customer 55"):
        room.restore(lambda restorer: restorer.customer(55))
    with pytest.raises(NotArchived, match="no archive holds a conversation"):
        room.restore(lambda restorer: restorer.conversation(uuid4()))


def test_an_erased_customer_is_gone_and_the_others_are_not(room: Room) -> None:
    mine, other = room.talk(CUSTOMER), room.talk(OTHER, "What are the limits?")
    room.archive()
    with room.database.unit_of_work() as uow:
        DataKeys(uow).destroy(CUSTOMER, actor=CUSTOMER)
    for find in (lambda r: r.conversation(mine), lambda r: r.customer(CUSTOMER)):
        with pytest.raises(CustomerErased, match="erased on"):
            room.restore(find)
    assert [item.conversation_id for item in room.restore(lambda restorer: restorer.day(room.today.date()))] == [other]
    assert room.findings() == []


def test_what_was_opened_again_is_archived_again_as_it_ended(room: Room) -> None:
    conversation = room.talk()
    room.archive()
    with room.database.unit_of_work() as uow:
        talk = uow.conversations.lock(conversation)
        assert talk is not None
        talk.state, talk.closed_at = "ai", None
    assert room.archive().archives == []
    room.bank.does(Say(text="One more thing"))
    room.bank.run()
    room.bank.does(End())
    assert room.archive().conversations == 1
    assert "One more thing" in [line.get("body") for line in room.lines(conversation)]
    restored = room.restore(lambda restorer: restorer.customer(CUSTOMER))
    assert [item.conversation_id for item in restored] == [conversation]


def test_files_are_archived_with_their_bytes(room: Room, tmp_path: Path) -> None:
    room.line.connect()
    cabinet = Cabinet(room.line, tmp_path / "objects")
    content = b"%PDF-1.7 " + b"Contract of Anna Petrova. " * 50
    uid = cabinet.sent(content)
    cabinet.read(uid, MODERATOR)
    room.bank.does(End())
    done = room.archive()
    [restored] = room.restore(lambda restorer: restorer.customer(CUSTOMER))
    assert (done.files, restored.files) == (1, {uid: content})
    stored = b"".join(path.read_bytes() for path in (tmp_path / "archive").rglob("*") if path.is_file())
    assert b"Contract" not in stored


def test_a_conversation_that_does_not_open_holds_nothing_up(room: Room) -> None:
    broken, sound = room.talk(CUSTOMER), room.talk(OTHER)
    with room.database.unit_of_work() as uow:
        uow.session.execute(update(Message).where(Message.conversation_id == broken).values(body=b"nonsense"))
    done = room.archive()
    assert (done.conversations, done.unreadable) == (1, 1)
    assert room.unarchived() == 1
    assert room.lines(sound)
    assert room.archive().unreadable == 1


def test_one_at_a_time(room: Room) -> None:
    room.talk()
    with room.database.unit_of_work() as uow:
        assert uow.archives.begin(FIRST_DAY.date(), 60)
    with pytest.raises(ArchiveBusy, match="another process"):
        room.archive()
    assert room.objects() == []


def test_another_bot_sees_none_of_it(room: Room) -> None:
    conversation = room.talk()
    room.archive()
    other = Room(another_bot(room.database.engine, room.database.vault), room.folder)
    assert (other.archive().archives, other.archives()) == ([], [])
    with pytest.raises(NotArchived):
        other.restore(lambda restorer: restorer.conversation(conversation))


def test_what_is_done_is_written_down(room: Room) -> None:
    conversation = room.talk()
    room.archive()
    room.lines(conversation)
    [archive] = room.archives()
    with room.database.reading() as uow:
        [archived] = uow.audit.find(Wanted(act=AuditAct.ARCHIVED), 9)
        [restored] = uow.audit.find(Wanted(act=AuditAct.ARCHIVE_RESTORED), 9)
    details = json.loads(archived.details)
    assert (archived.subject, restored.subject) == (f"archive:{archive.id}", f"archive:{archive.id}")
    assert (details["conversations"], details["manifest"]) == (1, archive.manifest)
    assert len(bytes.fromhex(details["root"])) == 32
    assert details["master_key"] == room.database.vault.keyring.newest


def test_what_is_due_is_found_by_an_index(database: Database) -> None:
    with database.unit_of_work() as uow:
        explain = "EXPLAIN QUERY PLAN " if database.system == "sqlite" else "EXPLAIN "
        if database.system != "sqlite":
            uow.session.connection().exec_driver_sql("SET LOCAL enable_seqscan = off")
        statement = (
            "SELECT id FROM conversations WHERE bot_id = 1 AND state = 'closed' AND (archived_end IS NULL"
            " OR archived_end <> closed_at) AND closed_at < '2026-01-01' ORDER BY closed_at, id"
        )
        plan = " ".join(map(str, uow.session.connection().exec_driver_sql(explain + statement).all()))
    assert "ix_conversations_unarchived" in plan


def test_what_has_just_closed_may_wait(room: Room) -> None:
    room.talk()
    assert room.archive(after=3600).archives == []
    assert room.archive(after=NOW).conversations == 1
