"""Attachments: fetched once, sealed, whole or not at all, and only for whoever serves the customer."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from database.db import Database
from database.models import Attachment
from services.attachments import Attachments
from services.errors import FileGoneError, FileRefusedError, FilesAwayError, FileTooLargeError
from services.gateways.folder_storage import FolderStorage
from services.jobs_spoken import Edit
from services.outbound import FileKind
from services.sealed_files import open_pieces, seal_pieces
from tests.services.bank import MODERATOR, POLICY
from tests.services.crossing import CUSTOMER, Line, file
from tests.services.keeping import Cabinet
from tests.twins import TwinRunning
from utils.encryption import EncryptionError, Keyring, generate_key

PDF = b"%PDF-1.7 " + b"Contract of Anna Petrova. " * 50


@pytest.fixture
def cabinet(sqlite: Database, tmp_path: Path) -> Cabinet:
    line = Line(sqlite)
    line.connect()
    return Cabinet(line, tmp_path / "objects")


def row(cabinet: Cabinet) -> Attachment:
    with cabinet.line.database.reading() as uow:
        return uow.session.scalars(select(Attachment).where(Attachment.bot_id == uow.scope.bot_id)).one()


def test_a_file_is_fetched_once_and_lies_sealed(cabinet: Cabinet) -> None:
    uid = cabinet.sent(PDF)
    assert (cabinet.stored(), row(cabinet).state) == ([], "elsewhere")
    assert [cabinet.read(uid, MODERATOR) for _ in range(2)] == [PDF, PDF]
    assert cabinet.files.asked == 1
    [path] = cabinet.stored()
    assert b"Anna" not in path.read_bytes()
    assert (row(cabinet).state, row(cabinet).sha256) == ("stored", sha256(PDF).hexdigest())


def test_a_file_that_an_edit_replaced_while_it_was_fetched_is_fetched_anew(cabinet: Cabinet) -> None:
    changed = PDF + b"page two"
    cabinet.files.kept["file-2"] = changed

    def meanwhile(_name: str, _mime: str, _pieces: Iterable[bytes]) -> None:
        pdf = file(FileKind.DOCUMENT, 2, name="b.pdf", mime="application/pdf")
        cabinet.line.bank.does(Edit(file=pdf, message_id=31), CUSTOMER)

    uid = cabinet.sent(PDF)
    whole, storage = cabinet.attachments, cabinet.attachments._storage
    running = TwinRunning(POLICY)
    cabinet.attachments = Attachments(cabinet.line.database, cabinet.files, storage, running, (meanwhile,))
    assert cabinet.read(uid, MODERATOR) == PDF
    assert (row(cabinet).state, cabinet.stored()) == ("elsewhere", [])
    cabinet.attachments = whole
    assert cabinet.read(uid, MODERATOR) == changed
    assert row(cabinet).sha256 == sha256(changed).hexdigest()


@pytest.mark.parametrize(
    ("content", "name", "mime"),
    [
        (b"MZ\x90\x00 a program", "a.pdf", "application/pdf"),
        (b"<html><script>alert(1)</script>", "a.pdf", "application/pdf"),
        (b"\xef\xbb\xbf <!DOCTYPE html>", "a.png", "image/png"),
        (b"plain words", "a.pdf", "application/pdf"),
        (b"plain words", "a.jpg", "image/jpeg"),
        (b"", "a.png", "image/png"),
    ],
)
def test_what_is_not_what_it_says_is_refused_for_good(cabinet: Cabinet, content: bytes, name: str, mime: str) -> None:
    uid = cabinet.sent(content, name, mime)
    for _ in range(2):
        with pytest.raises(FileRefusedError):
            cabinet.read(uid, MODERATOR)
    assert (cabinet.files.asked, cabinet.stored()) == (1, [])


def test_what_is_gone_or_larger_than_said_is_not_kept(cabinet: Cabinet) -> None:
    uid = cabinet.sent(b"%PDF-" + b"x" * POLICY.max_file)
    with pytest.raises(FileTooLargeError):
        cabinet.read(uid, MODERATOR)
    cabinet.files.kept.clear()
    with pytest.raises(FileGoneError):
        cabinet.read(uid, MODERATOR)
    assert cabinet.stored() == []


def test_what_the_storage_lost_is_fetched_again(cabinet: Cabinet) -> None:
    uid = cabinet.sent(PDF)
    cabinet.read(uid, MODERATOR)
    cabinet.stored()[0].unlink()
    assert cabinet.read(uid, MODERATOR) == PDF
    assert cabinet.files.asked == 2


def test_a_check_that_fails_for_now_keeps_nothing_and_is_asked_again(cabinet: Cabinet) -> None:
    verdicts: list[Exception | None] = [FilesAwayError(), None]
    seen: list[bytes] = []

    def scanner(_name: str, _mime: str, pieces: Iterable[bytes]) -> None:
        seen.append(b"".join(pieces))
        if verdict := verdicts.pop(0):
            raise verdict

    uid = cabinet.sent(PDF)
    attachments = Attachments(
        cabinet.line.database, cabinet.files, cabinet.attachments._storage, TwinRunning(POLICY), checks=(scanner,)
    )
    cabinet.attachments = attachments
    with pytest.raises(FilesAwayError):
        cabinet.read(uid, MODERATOR)
    assert cabinet.stored() == []
    assert cabinet.read(uid, MODERATOR) == PDF
    assert seen == [PDF, PDF]


def test_a_storage_that_is_away_is_said_so(cabinet: Cabinet, tmp_path: Path) -> None:
    uid = cabinet.sent(PDF)
    (tmp_path / "no-folder").touch()
    storage = FolderStorage(tmp_path / "no-folder")
    cabinet.attachments = Attachments(cabinet.line.database, cabinet.files, storage, TwinRunning(POLICY))
    with pytest.raises(FilesAwayError):
        cabinet.read(uid, MODERATOR)
    assert row(cabinet).state == "elsewhere"


@pytest.mark.parametrize("sizes", [[], [1], [5, 5], [3, 1, 4]])
def test_a_sealed_file_opens_whole_and_nothing_else_does(tmp_path: Path, sizes: list[int]) -> None:
    keyring, uid, sealed = Keyring([generate_key()]), uuid4(), tmp_path / "sealed"
    pieces = [bytes([65 + n]) * size for n, size in enumerate(sizes)]
    digest = seal_pieces(keyring, uid, pieces, sealed)
    assert digest == sha256(b"".join(pieces)).hexdigest()
    assert b"".join(open_pieces(keyring, uid, sealed)) == b"".join(pieces)
    whole = sealed.read_bytes()
    for end in range(len(whole)):
        sealed.write_bytes(whole[:end])
        with pytest.raises((FileRefusedError, EncryptionError)):
            b"".join(open_pieces(keyring, uid, sealed))
    sealed.write_bytes(whole)
    with pytest.raises(EncryptionError):
        b"".join(open_pieces(keyring, uuid4(), sealed))
