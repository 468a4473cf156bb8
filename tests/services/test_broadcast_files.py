"""A broadcast's file from the console: checked, carried to the messenger once, and sent to customers by its number."""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from database.db import Database
from database.models import BroadcastState
from services.broadcast import drafting, overview
from services.broadcast.enclosing import enclose, take_out, taken_in
from services.broadcast.jobs import BroadcastVerb
from services.desk.desk import Desk
from services.errors import DeskRefusal, FileRefusedError, FilesAwayError
from services.file_contents import check_contents
from services.gateways.folder_storage import FolderStorage
from services.jobs import Say
from services.outbound import FileKind
from services.uploads import Upload, Uploads
from tests.services.bank import MODERATOR, OTHER_MODERATOR, POLICY
from tests.services.broadcasting import CUSTOMERS, Newsroom
from tests.twins import TwinRunning
from utils.encryption import Keyring, generate_key

PDF, MP4 = b"%PDF-1.7 rates", b"\x00\x00\x00\x18ftypisom" + b"frames"


@pytest.fixture
def room(database: Database) -> Newsroom:
    return Newsroom(database)


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    storage = FolderStorage(tmp_path / "objects")
    return Uploads(Keyring([generate_key()]), 1, storage, TwinRunning(POLICY), checks=(check_contents,))


def as_desk(room: Newsroom, act: Callable[[Desk], object], who: int = MODERATOR) -> None:
    with room.database.unit_of_work() as uow:
        act(Desk(uow, room.bank.tools, who))


def given(room: Newsroom, broadcast_id: UUID, name: str = "rates.pdf") -> Upload:
    upload = Upload(uuid4(), FileKind.DOCUMENT, name, "application/pdf", len(PDF))
    room.files.own[upload.uid] = PDF
    as_desk(room, lambda desk: enclose(desk, broadcast_id, upload))
    return upload


def test_a_file_goes_to_its_author_once_and_to_customers_by_its_number(room: Newsroom) -> None:
    broadcast_id = room.drafted("News")
    given(room, broadcast_id)
    for act in (BroadcastVerb.SEND, BroadcastVerb.PREVIEW):
        assert room.presses(act, broadcast_id) == ["en:broadcast.file_waits"]
    assert room.feeder.run()
    assert room.files.given == [(MODERATOR, "rates.pdf", PDF)]
    [file] = room.says(broadcast_id).files
    assert (file.id, file.own, file.name) == ("kept-rates.pdf", None, "rates.pdf")
    assert room.bank.outbound(MODERATOR)[-1].buttons, "the card with its buttons comes below the file"
    assert not room.feeder.run(), "there is nothing more to carry"
    room.presses(BroadcastVerb.SEND, broadcast_id)
    room.feeder.run()
    assert room.copies(broadcast_id) == list(CUSTOMERS)
    assert len(room.files.given) == 1


def test_a_messenger_that_is_away_is_asked_again_later(room: Newsroom) -> None:
    broadcast_id = room.drafted("News")
    given(room, broadcast_id)
    room.files.refuses = FilesAwayError("not now")
    assert not room.feeder.run()
    room.files.refuses = None
    assert not room.feeder.run(), "somebody may be trying still"
    with room.database.unit_of_work() as uow:
        broadcast = uow.broadcasts.lock(broadcast_id)
        assert broadcast
        broadcast.file_due_at = uow.now()
    assert room.feeder.run()
    assert not room.row(broadcast_id).file_waits


def test_a_file_that_the_messenger_refuses_leaves_the_draft_and_its_author_is_told(room: Newsroom) -> None:
    broadcast_id = room.drafted("News")
    given(room, broadcast_id)
    room.files.refuses = FileRefusedError("not taken")
    assert room.feeder.run()
    assert room.says(broadcast_id).files == ()
    assert "en:broadcast.file_failed name=rates.pdf" in room.bank.told(MODERATOR)
    room.presses(BroadcastVerb.SEND, broadcast_id)
    assert room.state(broadcast_id) == BroadcastState.RUNNING


def test_another_file_other_words_or_none_take_the_place_of_one_that_waits(room: Newsroom) -> None:
    broadcast_id = room.drafted("News")
    given(room, broadcast_id, "old.pdf")
    given(room, broadcast_id, "new.pdf")
    room.feeder.run()
    assert [name for _, name, _ in room.files.given] == ["new.pdf"]
    as_desk(room, lambda desk: take_out(desk, broadcast_id))
    assert room.says(broadcast_id).files == ()
    given(room, broadcast_id, "third.pdf")
    room.presses(BroadcastVerb.CONTENT, broadcast_id)
    room.bank.does(Say(text="Other words"), MODERATOR)
    assert not room.row(broadcast_id).file_waits
    assert not room.feeder.run()


def test_words_that_are_too_long_for_a_caption_are_refused_with_a_file(room: Newsroom) -> None:
    broadcast_id = room.drafted("x" * 1025)
    with pytest.raises(DeskRefusal, match=r"^broadcast\.too_long"):
        given(room, broadcast_id)
    assert not room.row(broadcast_id).file_waits


def test_only_its_author_gives_a_draft_a_file(room: Newsroom) -> None:
    broadcast_id = room.drafted("News")
    upload = Upload(uuid4(), FileKind.DOCUMENT, "a.pdf", "application/pdf", 3)
    for act in (lambda desk: enclose(desk, broadcast_id, upload), lambda desk: take_out(desk, broadcast_id)):
        with pytest.raises(DeskRefusal, match=r"^broadcast\.unknown"):
            as_desk(room, act, OTHER_MODERATOR)
    with room.database.reading() as uow:
        desk = Desk(uow, room.bank.tools, MODERATOR)
        assert overview.opened(desk, broadcast_id).message.files == ()
        with pytest.raises(DeskRefusal, match=r"^broadcast\.unknown"):
            drafting.preview(Desk(uow, room.bank.tools, OTHER_MODERATOR), broadcast_id)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", PDF, FileKind.DOCUMENT),
        ("a.mp4", MP4, FileKind.VIDEO),
        ("a.gif", b"GIF89a pixels", FileKind.ANIMATION),
        ("a.png", b"\x89PNG\r\n\x1a\npixels", FileKind.PHOTO),
    ],
)
def test_what_is_taken_is_shown_as_what_it_is(uploads: Uploads, name: str, content: bytes, kind: FileKind) -> None:
    upload = taken_in(uploads, name, content)
    assert (upload.kind, upload.size, uploads.content(upload.uid)) == (kind, len(content), content)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.exe", b"MZ", "console.desk.file_wrong_type"),
        ("a.pdf", b"", "console.desk.file_empty"),
        ("a.pdf", b"<html>", "console.desk.file_refused"),
        ("a.mp4", PDF, "console.desk.file_refused"),
        ("a.gif", PDF, "console.desk.file_refused"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(10 * 2**20), "console.desk.file_too_large"),
        ("a.mp4", bytes(21 * 2**20), "console.desk.file_too_large"),
    ],
)
def test_what_may_not_be_is_refused_by_name(uploads: Uploads, name: str, content: bytes, problem: str) -> None:
    with pytest.raises(DeskRefusal, match=re.escape(problem)):
        taken_in(uploads, name, content)
