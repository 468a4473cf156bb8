"""ClamAV: what it finds is refused, and what it could not look at is not let through, whatever went wrong."""

import io
import socket
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import repeat
from pathlib import Path
from threading import Event, Thread
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config import load_settings
from services.errors import FileInfectedError, FilesAwayError, FileTooLargeError
from services.gateways.clamav import Address, ClamAv
from tests.services.scanning import MOST, SIGN, SIGNATURE, TwinClamd, find_clamd, real_clamd, twin_clamd
from tests.services.settling import ENVIRONMENT
from utils.settings import SettingsError

ENOUGH, SHORT = 60.0, 0.3  # seconds
INFECTED = b"%PDF-1.7 " + SIGN


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Address]]:
    if not (binary := find_clamd()):
        pytest.skip("no clamd here (Debian: apt install clamav-daemon)")
    with real_clamd(binary, tmp_path_factory.mktemp("clamd")) as addresses:
        yield addresses


@pytest.fixture
def twin() -> Iterator[TwinClamd]:
    with twin_clamd() as running:
        yield running


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """Return somebody who takes connections up, and no more than that."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def check(address: Address, *pieces: bytes, patience: float = ENOUGH) -> None:
    ClamAv(address, patience).check("a.pdf", "application/pdf", pieces)


def zipped(content: bytes) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("inside.txt", content)
    return file.getvalue()


@pytest.mark.parametrize("way", ["tcp", "socket"])
def test_a_real_clamd_tells_good_from_bad(clamd: dict[str, Address], way: str) -> None:
    check(clamd[way], b"%PDF-1.7 ", b"good words " * 5000)
    check(clamd[way])
    for pieces in ((INFECTED,), (INFECTED[:20], b"", INFECTED[20:]), (zipped(SIGN * 9),)):
        with pytest.raises(FileInfectedError):
            check(clamd[way], *pieces)


@pytest.mark.parametrize("way", ["tcp", "socket"])
@pytest.mark.parametrize("size", [5000, MOST, 9 * MOST])
def test_a_real_clamd_takes_only_so_much(clamd: dict[str, Address], way: str, size: int) -> None:
    check(clamd[way], b"x" * MOST)
    with pytest.raises(FileTooLargeError):
        check(clamd[way], *repeat(b"x" * size, 9 * MOST // size))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(pieces=st.lists(st.binary(max_size=40), max_size=6))
def test_whatever_the_pieces_all_of_it_is_scanned(twin: TwinClamd, pieces: Sequence[bytes]) -> None:
    check(twin.address, *pieces)
    assert twin.given[-1] == b"".join(pieces)


def test_what_was_found_goes_to_the_log_alone(twin: TwinClamd, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(FileInfectedError) as caught:
        check(twin.address, INFECTED)
    assert SIGNATURE not in str(caught.value)
    assert [vars(record)["said"] for record in caplog.records] == [f"stream: {SIGNATURE} FOUND"]


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"stream: OK",
        b"\0",
        b"OK\0",
        b"stream: OK FOUN\0",
        b"stream: \xff\xfe ERROR\0",
        b"UNKNOWN COMMAND\0",
        b"HTTP/1.1 200 OK\r\n\r\nstream: OK\0",
        b"stream: " + b"x" * 10_000 + b" FOUND\0",
    ],
)
def test_an_answer_that_is_none_lets_nothing_through(twin: TwinClamd, said: bytes) -> None:
    twin.says = said
    with pytest.raises(FilesAwayError):
        check(twin.address, b"good words")


def test_nobody_there_lets_nothing_through(tmp_path: Path, dead_port: int) -> None:
    (tmp_path / "no-socket").touch()
    for address in (
        ("127.0.0.1", dead_port),
        str(tmp_path / "nothing"),
        str(tmp_path / "no-socket"),
        "/" + "x" * 200,
    ):
        with pytest.raises(FilesAwayError):
            check(address, b"good words")


@pytest.mark.parametrize("size", [1, 2**24])
def test_one_who_neither_reads_nor_answers_is_not_waited_for(listening: socket.socket, size: int) -> None:
    with pytest.raises(FilesAwayError) as caught:
        check(listening.getsockname(), b"x" * size, patience=SHORT)
    assert isinstance(caught.value.__cause__, TimeoutError)


def test_an_answer_by_drops_is_not_waited_for(listening: socket.socket) -> None:
    given_up = Event()

    def dripping() -> None:
        connection, _ = listening.accept()
        with connection, suppress(ConnectionError):  # it is closed before we are told
            while not given_up.wait(SHORT / 3):
                connection.sendall(b"x")

    thread = Thread(target=dripping)
    thread.start()
    try:
        with pytest.raises(FilesAwayError):
            check(listening.getsockname(), b"x", patience=SHORT)
    finally:
        given_up.set()
        thread.join()


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("", None),
        ("127.0.0.1:3310", ("127.0.0.1", 3310)),
        ("clamd.bank.example:1", ("clamd.bank.example", 1)),
        ("[::1]:3310", ("::1", 3310)),
        ("/run/clamav/clamd.ctl", "/run/clamav/clamd.ctl"),
    ],
)
def test_where_it_listens_is_a_setting(said: str, address: Address | None) -> None:
    assert load_settings(ENVIRONMENT | {"CLAMAV_ADDRESS": said}).attachments.clamav == address


@pytest.mark.parametrize(
    "said", ["clamd", "clamd:", ":3310", "clamd:0", "clamd:65536", "::1:3310", "run/clamd.ctl", "a:b:1"]
)
def test_an_address_that_is_none_is_named(said: str) -> None:
    with pytest.raises(SettingsError, match=r"- CLAMAV_ADDRESS: must be host:port"):
        load_settings(ENVIRONMENT | {"CLAMAV_ADDRESS": said})
