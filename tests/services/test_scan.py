"""The scan for viruses, where it is configured: of files that are opened, and of files from the browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from config import load_settings
from database.db import Database
from database.models import AttachmentState
from services.attachments import Attachments
from services.errors import DeskRefusal, FileInfectedError, FileRefusedError, FilesAwayError, FileTooLargeError
from services.uploads import Upload
from services.wiring_files import make_attachments, make_uploads
from tests.services.bank import MODERATOR, POLICY
from tests.services.crossing import Line
from tests.services.keeping import Cabinet
from tests.services.scanning import MOST, SIGN, TwinClamd, twin_clamd
from tests.services.settling import ENVIRONMENT
from tests.twins import TwinRunning

CLEAN, INFECTED = b"%PDF-1.7 a statement", b"%PDF-1.7 " + SIGN
LARGE = b"%PDF-" + b"x" * MOST


@pytest.fixture
def clamd() -> Iterator[TwinClamd]:
    with twin_clamd() as running:
        yield running


class Scanned:
    """The product's files as its settings make them, with a messenger of the test's."""

    def __init__(self, database: Database, folder: Path, clamd: TwinClamd) -> None:
        line = Line(database)
        line.connect()
        self.cabinet = Cabinet(line, folder)
        host, port = clamd.address
        given = {"CLAMAV_ADDRESS": f"{host}:{port}", "STORAGE_DIR": str(folder)}
        settings, running = load_settings({**ENVIRONMENT, **given}), TwinRunning(POLICY)
        made = make_attachments(settings, database, running)
        self.cabinet.attachments = Attachments(database, self.cabinet.files, made._storage, running, made._checks)
        self.uploads = make_uploads(settings, database, running)

    def open(self, content: bytes) -> bytes:
        """Let the customer send a file, and the moderator open it."""
        return self.cabinet.read(self.cabinet.sent(content), MODERATOR)

    def upload(self, content: bytes) -> list[Upload]:
        """Let an operator send a file from the browser."""
        with self.uploads.tray([("a.pdf", len(content))]) as tray:
            tray.write(content)
            return tray.keep()


@pytest.fixture
def scanned(sqlite: Database, tmp_path: Path, clamd: TwinClamd) -> Scanned:
    return Scanned(sqlite, tmp_path / "objects", clamd)


def fetched(outcome: str) -> float:
    return REGISTRY.get_sample_value("bot_files_fetched_total", {"outcome": outcome}) or 0.0


def test_a_clean_file_is_scanned_once_and_kept(scanned: Scanned, clamd: TwinClamd) -> None:
    uid = scanned.cabinet.sent(CLEAN)
    assert [scanned.cabinet.read(uid, MODERATOR) for _ in range(2)] == [CLEAN, CLEAN]
    [upload] = scanned.upload(CLEAN)
    assert clamd.given == [CLEAN, CLEAN]
    kept = [path for path in scanned.cabinet.stored() if "attachments" in path.parts]  # beside an upload's mark
    assert len(kept) == 2
    assert scanned.uploads.content(upload.uid) == CLEAN


def test_an_infected_file_is_refused_to_its_reader_for_good(scanned: Scanned, clamd: TwinClamd) -> None:
    uid, before = scanned.cabinet.sent(INFECTED), fetched("infected")
    with pytest.raises(FileInfectedError):
        scanned.cabinet.read(uid, MODERATOR)
    with pytest.raises(FileRefusedError):
        scanned.cabinet.read(uid, MODERATOR)
    assert (len(clamd.given), scanned.cabinet.files.asked, scanned.cabinet.stored()) == (1, 1, [])
    assert fetched("infected") == before + 1
    with scanned.cabinet.line.database.reading() as uow:
        attachment = uow.attachments.by_uid(uid)
    assert attachment
    assert attachment.state == AttachmentState.REFUSED


def test_one_that_clamd_does_not_take_is_not_given_but_may_be_later(scanned: Scanned) -> None:
    scanned.cabinet.files.piece = 2**16
    uid = scanned.cabinet.sent(LARGE)
    for _ in range(2):
        with pytest.raises(FileTooLargeError):
            scanned.cabinet.read(uid, MODERATOR)
    assert (scanned.cabinet.files.asked, scanned.cabinet.stored()) == (2, [])


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (INFECTED, "console.desk.file_infected"),
        (LARGE, "console.desk.file_unscanned"),
        (b"<html>" + SIGN, "console.desk.file_refused"),
    ],
)
def test_an_operator_is_told_why_a_file_is_not_sent(scanned: Scanned, content: bytes, key: str) -> None:
    with pytest.raises(DeskRefusal) as refused:
        scanned.upload(content)
    assert (refused.value.key, refused.value.params) == (key, {"name": "a.pdf"})
    assert scanned.cabinet.stored() == []


def test_nothing_is_kept_unscanned(scanned: Scanned, clamd: TwinClamd) -> None:
    clamd.says = b"stream: out of memory ERROR\0"
    for act in (scanned.open, scanned.upload):
        with pytest.raises(FilesAwayError):
            act(CLEAN)
    assert scanned.cabinet.stored() == []
    clamd.says = b"stream: OK\0"
    assert scanned.open(CLEAN) == CLEAN
