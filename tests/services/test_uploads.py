"""Uploads: files from the console, sealed on their way in, whole or not at all, and sent under one name each."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from database.db import Database
from database.models import Attachment, Author, NoteKind
from services.delivery import Dispatcher
from services.desk.desk import Desk
from services.desk.enclosing import may_enclose, send_files
from services.desk.glance import glance
from services.errors import DeskRefusal, FileGoneError, FileRefusedError
from services.file_contents import check_contents
from services.gateways.folder_storage import FolderStorage
from services.gateways.memory_limiter import MemoryLimiter
from services.outbound import FileKind, Outbound
from services.rates import Rates
from services.sending import sent as sent_as
from services.uploads import MOST, TOGETHER, Upload, Uploads
from tests.services.bank import POLICY
from tests.services.desking import ANNA, BORIS, SUPERVISOR, Floor
from tests.twins import TwinRunning
from utils.encryption import Keyring, generate_key

PDF = b"%PDF-1.7 " + b"Contract of Anna Petrova. " * 50
PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    storage = FolderStorage(tmp_path / "objects")
    return Uploads(Keyring([generate_key()]), 1, storage, TwinRunning(POLICY), checks=(check_contents,))


def stored(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "objects" / "attachments").rglob("*") if path.is_file()]


def taken_in(uploads: Uploads, *files: tuple[str, bytes], piece: int = 9) -> list[Upload]:
    """Let files come in, in pieces that know nothing of where one ends."""
    body = b"".join(content for _, content in files)
    with uploads.tray([(name, len(content)) for name, content in files]) as tray:
        for start in range(0, len(body), piece):
            tray.write(body[start : start + piece])
        return tray.keep()


def test_files_lie_sealed_and_come_out_as_they_came_in(uploads: Uploads, tmp_path: Path) -> None:
    kept = taken_in(uploads, ("a.pdf", PDF), ("screen.PNG", PNG))
    assert [(file.kind, file.mime, file.size) for file in kept] == [
        (FileKind.DOCUMENT, "application/pdf", len(PDF)),
        (FileKind.PHOTO, "image/png", len(PNG)),
    ]
    assert [file.sha256 for file in kept] == [sha256(PDF).hexdigest(), sha256(PNG).hexdigest()]
    assert not any(b"Anna" in path.read_bytes() for path in stored(tmp_path))
    assert [uploads.content(file.uid) for file in kept] == [PDF, PNG]
    uploads.forget(kept)
    assert stored(tmp_path) == []
    with pytest.raises(FileGoneError):
        uploads.content(kept[0].uid)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(sizes=st.lists(st.integers(1, 40), min_size=1, max_size=4), piece=st.integers(1, 60))
def test_pieces_may_end_anywhere(uploads: Uploads, sizes: Sequence[int], piece: int) -> None:
    contents = [bytes([65 + at]) * size for at, size in enumerate(sizes)]
    kept = taken_in(uploads, *((f"{at}.txt", content) for at, content in enumerate(contents)), piece=piece)
    assert [uploads.content(file.uid) for file in kept] == contents


@pytest.mark.parametrize(
    ("files", "key"),
    [
        ([], "console.desk.files_too_many"),
        ([("a.txt", 1)] * (MOST + 1), "console.desk.files_too_many"),
        ([("a.exe", 1)], "console.desk.file_wrong_type"),
        ([("a.pdf/evil.html", 1)], "console.desk.file_wrong_type"),
        ([("a.txt", 0)], "console.desk.file_empty"),
        ([("a.txt", -5)], "console.desk.file_empty"),
        ([("a.png", POLICY.max_image + 1)], "console.desk.file_too_large"),
        ([("a.txt", POLICY.max_file + 1)], "console.desk.file_too_large"),
        ([("a.txt", POLICY.max_file)] * (TOGETHER // POLICY.max_file + 1), "console.desk.files_too_large"),
    ],
)
def test_what_may_not_cross_is_refused_before_a_byte_came(
    uploads: Uploads, files: list[tuple[str, int]], key: str
) -> None:
    opening = uploads.tray(files)
    with pytest.raises(DeskRefusal) as refused:
        opening.__enter__()
    assert refused.value.key == key


def test_one_that_is_not_what_it_says_takes_the_others_back(uploads: Uploads, tmp_path: Path) -> None:
    with pytest.raises(DeskRefusal) as refused:
        taken_in(uploads, ("a.pdf", PDF), ("b.pdf", b"<!doctype html>"))
    assert (refused.value.key, refused.value.params) == ("console.desk.file_refused", {"name": "b.pdf"})
    assert stored(tmp_path) == []


@pytest.mark.parametrize("announced", [len(PDF) - 1, len(PDF) + 1])
def test_sizes_that_are_not_true_keep_nothing(uploads: Uploads, tmp_path: Path, announced: int) -> None:
    def taken() -> None:
        with uploads.tray([("a.pdf", announced)]) as tray:
            tray.write(PDF)
            tray.keep()

    with pytest.raises(FileRefusedError):
        taken()
    assert stored(tmp_path) == []


def test_a_name_keeps_no_folder_and_no_secret(uploads: Uploads) -> None:
    kept = taken_in(uploads, ("C:\\secret\\card 4111 1111 1111 1111.txt", b"x"), (f"{'x' * 300}.txt", b"y"))
    assert kept[0].name == "card •••• 1111.txt"
    assert (len(kept[1].name), kept[1].name[-5:]) == (120, "x.txt")


def test_files_reach_the_customer_and_who_reads_along(database: Database, uploads: Uploads) -> None:
    floor = Floor.of(database, ANNA, BORIS)
    floor.register(1)
    floor.meet(ANNA, 1)
    talk = floor.conversation(1)
    kept = taken_in(uploads, ("a.pdf", PDF), ("one.png", PNG), ("two.png", PNG))
    with database.unit_of_work() as uow:
        uow.roles.grant(SUPERVISOR, "supervisor", None)
        desk = Desk(uow, floor.tools, ANNA)
        conversation = desk.locked(talk.id)
        conversation.watched_by = SUPERVISOR
        said = send_files(desk, conversation, kept, "here <you> are, 4111 1111 1111 1111")
    assert said == "📎 a.pdf\n📎 one.png\n📎 two.png\nhere <you> are, •••• 1111"
    pictures, document = sent(floor, 1)[-2:]
    assert pictures.html.endswith("\nhere &lt;you&gt; are, •••• 1111")
    assert [file.own for file in pictures.files] == [kept[1].uid, kept[2].uid]
    assert ([file.own for file in document.files], document.protected) == ([kept[0].uid], True)
    assert [len(message.files) for message in sent(floor, SUPERVISOR)[-2:]] == [2, 1]
    with database.reading() as uow:
        shown = glance(Desk(uow, floor.tools, ANNA), talk.id).opened
        assert shown
        bubbles = [bubble for bubble in shown.bubbles if bubble.author == Author.OPERATOR]
        assert [[file.name for file in bubble.files] for bubble in bubbles] == [["one.png", "two.png"], ["a.pdf"]]
        assert [bubble.text for bubble in bubbles] == ["here <you> are, •••• 1111", ""]
        rows = uow.session.query(Attachment).filter_by(bot_id=database.bot_id).all()
        assert {row.state for row in rows} == {"stored"}
        assert not uow.desk.notes(talk.id, NoteKind.NOTE)


def sent(floor: Floor, person: int) -> list[Outbound]:
    with floor.database.reading() as uow:
        return [Outbound.model_validate_json(uow.messages.opened(row)) for row in floor.messages(person)]


def test_files_go_to_ones_own_customer_only(database: Database) -> None:
    floor = Floor.of(database, ANNA, BORIS)
    floor.meet(ANNA, 1)
    talk = floor.conversation(1)
    with database.reading() as uow:
        may_enclose(Desk(uow, floor.tools, ANNA), talk.id, "")
        for who, caption, key in ((BORIS, "", "not_yours"), (ANNA, "x" * 5000, "too_long"), (1, "", "not_allowed")):
            with pytest.raises(DeskRefusal, match=key):
                may_enclose(Desk(uow, floor.tools, who), talk.id, caption)
    with database.unit_of_work() as uow:
        desk = Desk(uow, floor.tools, BORIS)
        conversation = desk.locked(talk.id)
        with pytest.raises(DeskRefusal, match="not_yours"):
            send_files(desk, conversation, [], "")


def test_a_message_with_files_may_take_longer_to_be_sent(database: Database, uploads: Uploads) -> None:
    floor = Floor.of(database, ANNA)
    floor.meet(ANNA, 1)
    kept = taken_in(uploads, ("a.pdf", PDF))
    with database.unit_of_work() as uow:
        desk = Desk(uow, floor.tools, ANNA)
        send_files(desk, desk.locked(floor.conversation(1).id), kept, "")
    dispatcher = Dispatcher(database, MemoryLimiter(), Rates(1e9, 1e9, 1000), lease=20)
    leases = {}
    while parcels := dispatcher.take(100).parcels:
        rows = {row.id: row for row in floor.messages(1) + floor.messages(ANNA)}
        for parcel in parcels:
            leases[bool(parcel.message.files)] = rows[parcel.message_id].lease_until
        dispatcher.settle([sent_as(parcel, 1) for parcel in parcels])
    with_files, without = leases[True], leases[False]
    assert with_files
    assert without
    assert (with_files - without).total_seconds() > 30
