"""Archives in a bucket, over HTTP: in pieces, locked, of a storage class; and what is told when it does not work."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from config import load_settings
from database.db import Database
from services.gateways.cloud_storage import S3Options, S3Storage
from services.storage import StorageError
from services.wiring_files import make_archive_storage
from tests.services.archiving import CUSTOMER, Room
from tests.test_config import FILLED

LOCKED, PLAIN = "locked", "plain"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    host, port = server.get_host_and_port()
    client(f"http://{host}:{port}").create_bucket(Bucket=PLAIN)
    client(f"http://{host}:{port}").create_bucket(Bucket=LOCKED, ObjectLockEnabledForBucket=True)
    yield f"http://{host}:{port}"
    server.stop()


def client(address: str) -> Any:
    keys = {"aws_access_key_id": "k", "aws_secret_access_key": "s"}
    return boto3.client("s3", endpoint_url=address, region_name="us-east-1", **keys)


def bucket(address: str, name: str = PLAIN, **options: Any) -> S3Storage:
    return S3Storage(S3Options(name, "p", address, "us-east-1", "key", "secret", **options))


def test_an_archive_in_a_bucket_comes_back_though_it_is_large(sqlite: Database, address: str, tmp_path: Path) -> None:
    room = Room(sqlite, tmp_path, bucket(address))
    noise = secrets.token_urlsafe(9 << 20)  # does not compress below the size from which boto3 sends pieces
    with sqlite.unit_of_work() as uow:
        room.bank.register(CUSTOMER)
    conversation = room.talk()
    with sqlite.unit_of_work() as uow:
        talk = uow.conversations.lock(conversation)
        assert talk is not None
        uow.messages.received(talk, noise, None, answered=True)
    done = room.archive()
    assert done.size > 8 << 20
    assert noise in [line.get("body") for line in room.lines(conversation)]
    [part] = [key for key in room.kept.keys("archive/") if "part" in key and str(sqlite.bot_id) in key]
    etag = client(address).head_object(Bucket=PLAIN, Key=f"p/{part}")["ETag"].strip('"')
    assert etag.endswith(("-2", "-3")), "it went in pieces"


def test_archives_are_locked_and_of_a_class(sqlite: Database, address: str, tmp_path: Path) -> None:
    options = {"storage_class": "STANDARD_IA", "lock_mode": "GOVERNANCE", "lock_days": 30}
    room = Room(sqlite, tmp_path, bucket(address, LOCKED, **options))
    room.talk()
    room.archive()
    assert room.findings() == []
    for key in room.kept.keys(f"archive/{sqlite.bot_id}/"):
        head = client(address).head_object(Bucket=LOCKED, Key=f"p/{key}")
        assert (head["StorageClass"], head["ObjectLockMode"]) == ("STANDARD_IA", "GOVERNANCE")


def test_the_settings_say_which_bucket_and_how_it_keeps(address: str) -> None:
    given = {"S3_BUCKET": "indexes", "S3_ENDPOINT_URL": address, "ARCHIVE_S3_BUCKET": LOCKED}
    given |= {"ARCHIVE_LOCK_MODE": "COMPLIANCE", "ARCHIVE_LOCK_DAYS": "7", "ARCHIVE_STORAGE_CLASS": "GLACIER_IR"}
    store = make_archive_storage(load_settings(FILLED | given))
    assert isinstance(store, S3Storage)
    options = store._options
    assert (options.bucket, options.lock_mode, options.lock_days) == (LOCKED, "COMPLIANCE", 7)
    assert (options.storage_class, options.endpoint) == ("GLACIER_IR", address)


def test_a_missing_bucket_and_a_storage_that_is_away_are_told_and_nothing_counts(
    sqlite: Database, address: str, tmp_path: Path
) -> None:
    room = Room(sqlite, tmp_path)
    room.talk()
    away = bucket("http://127.0.0.1:9", timeout=1, connect_timeout=0.2, attempts=1)
    for store, told in ((bucket(address, "nowhere"), "there is no such bucket"), (away, "Connect")):
        with pytest.raises(StorageError, match=told):
            room.archive(store)
    assert (room.archives(), room.unarchived()) == ([], 1)
    assert room.archive(bucket(address)).conversations == 1
