"""Object storage keeps one promise in a folder and in S3: a file is there whole or not at all."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto.server import ThreadedMotoServer

from services.gateways.cloud_storage import S3Options, S3Storage
from services.gateways.folder_storage import FolderStorage
from services.storage import ObjectMissing, ObjectStore, ObjectThere, StorageError
from tests.database.threads import together

BUCKET = "bank"
LARGE = 20 << 20  # over the size from which boto3 sends parts


@pytest.fixture(scope="module")
def s3_address() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    client = boto3.client(
        "s3", endpoint_url=address, region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s"
    )
    client.create_bucket(Bucket=BUCKET)
    yield address
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], ObjectStore]:
    if request.param == "folder":
        return lambda name: FolderStorage(tmp_path / name)
    address = str(request.getfixturevalue("s3_address"))
    prefix = tmp_path.name

    def bucket(name: str) -> ObjectStore:
        return S3Storage(S3Options(BUCKET, f"{prefix}/{name}", address, "us-east-1", "key", "secret"))

    return bucket


def test_what_was_put_is_fetched(make: Callable[[str], ObjectStore], tmp_path: Path) -> None:
    store, file, copy = make("store"), tmp_path / "file", tmp_path / "deep" / "copy"
    file.write_bytes(bytes(range(256)) * (LARGE // 256))
    store.put("index/ru/1", file)
    store.fetch("index/ru/1", copy)
    assert copy.read_bytes() == file.read_bytes()
    file.write_bytes(b"newer")
    store.put("index/ru/1", file)
    store.fetch("index/ru/1", copy)
    assert copy.read_bytes() == b"newer"


def test_what_is_added_is_never_written_over(make: Callable[[str], ObjectStore], tmp_path: Path) -> None:
    store, file, copy = make("store"), tmp_path / "file", tmp_path / "copy"
    file.write_bytes(b"first")
    store.add("audit/1", file)
    file.write_bytes(b"second")
    for _ in range(2):
        with pytest.raises(ObjectThere):
            store.add("audit/1", file)
    store.fetch("audit/1", copy)
    assert (copy.read_bytes(), store.keys("")) == (b"first", ["audit/1"])


def test_one_of_many_who_add_the_same_comes_first(make: Callable[[str], ObjectStore], tmp_path: Path) -> None:
    store = make("store")

    def add(number: int) -> int | None:
        file = tmp_path / str(number)
        file.write_text(str(number))
        try:
            store.add("audit/1", file)
        except ObjectThere:
            return None
        return number

    [first] = [number for number in together(add) if number is not None]
    store.fetch("audit/1", tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == str(first)


def test_keys_are_those_of_a_prefix_in_order(make: Callable[[str], ObjectStore], tmp_path: Path) -> None:
    store, other, file = make("store"), make("other"), tmp_path / "file"
    file.write_bytes(b"x")
    assert store.keys("") == []
    for key in ("index/2", "index/1", "archive/1"):
        store.put(key, file)
    other.put("index/9", file)
    assert store.keys("index/") == ["index/1", "index/2"]
    store.remove("index/1")
    store.remove("index/1")
    assert store.keys("") == ["archive/1", "index/2"]


def test_what_is_missing_is_told_and_leaves_nothing(make: Callable[[str], ObjectStore], tmp_path: Path) -> None:
    store, copy = make("store"), tmp_path / "copies" / "copy"
    with pytest.raises(ObjectMissing):
        store.fetch("index/0", copy)
    copy.write_bytes(b"before")
    with pytest.raises(ObjectMissing):
        store.fetch("index/0", copy)
    assert copy.read_bytes() == b"before"
    assert list(copy.parent.iterdir()) == [copy]


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.text(min_size=1, max_size=20))
def test_no_key_leaves_the_folder(tmp_path: Path, key: str) -> None:
    file, folder = tmp_path / "file", tmp_path / "a" / "store"
    file.write_bytes(b"x")
    try:
        FolderStorage(folder).put(key, file)
    except StorageError:
        return
    outside = [path for path in tmp_path.rglob("*") if path.is_file() and folder not in path.parents]
    assert outside == [file]


def test_what_a_killed_writer_left_goes_with_the_next_file(tmp_path: Path) -> None:
    file, store = tmp_path / "file", FolderStorage(tmp_path / "store")
    file.write_bytes(b"x")
    store.put("index/1", file)
    left, fresh = (tmp_path / "store" / "index" / f"{name}.part" for name in ("left", "fresh"))
    for path in (left, fresh):
        path.write_bytes(b"x")
    os.utime(left, (0, 0))
    store.put("index/2", file)
    assert (left.exists(), fresh.exists()) == (False, True)
    assert store.keys("") == ["index/1", "index/2"]


@pytest.mark.parametrize("key", ["../up", "a/../../up", "/etc/passwd", "a//b", "", "a/"])
def test_what_is_no_key_is_refused(tmp_path: Path, key: str) -> None:
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(StorageError):
        FolderStorage(tmp_path / "store").put(key, tmp_path / "file")


def test_a_storage_that_is_away_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    away = S3Storage(S3Options(BUCKET, "", "http://127.0.0.1:9", "us-east-1", "key", "secret", 1, 0.2, attempts=1))
    with pytest.raises(StorageError) as raised:
        away.put("index/1", tmp_path / "file")
    assert "secret" not in str(raised.value)
    with pytest.raises(StorageError):
        FolderStorage(tmp_path / "file").put("index/1", tmp_path / "file")
