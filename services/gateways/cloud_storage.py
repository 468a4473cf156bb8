"""Object storage in S3 or anything that speaks its API."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

from services.storage import ObjectMissing, ObjectThere, StorageError

_CODE = re.compile(r"An error occurred \((\w+)\)")  # in what an upload in parts raises
_MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
_THERE = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})  # was there, or came there at the same time


@dataclass(frozen=True)
class S3Options:
    """Where the bucket is; without keys the machine's own role is used, as boto3 finds it. Times in seconds.

    `storage_class`, `lock_mode` and `lock_days` are how objects are kept: S3's class, and its object lock.
    """

    bucket: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    access_key: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    timeout: float = 30.0
    connect_timeout: float = 5.0
    attempts: int = 5
    storage_class: str = ""
    lock_mode: str = ""
    lock_days: int = 0


class S3Storage:
    """Keys below a prefix of a bucket; large files go in parts, and what fails for a moment is tried again."""

    def __init__(self, options: S3Options) -> None:
        self._options = options

    def put(self, key: str, file: Path) -> None:
        """Keep a file under a key; S3 shows it once its last part has arrived."""
        with _told(key):
            self._client.upload_file(str(file), self._options.bucket, self._name(key), ExtraArgs=self._kept())

    def add(self, key: str, file: Path) -> None:
        """Keep a file under a key that holds nothing yet, by a conditional write (S3 API, PutObject, If-None-Match)."""
        with _told(key):
            self._client.put_object(
                Bucket=self._options.bucket, Key=self._name(key), Body=file.read_bytes(), IfNoneMatch="*"
            )

    def fetch(self, key: str, file: Path) -> None:
        """Download what a key holds beside the file's place, and move it there."""
        unfinished = file.with_name(f"{file.name}.{uuid4().hex}.part")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with _told(key):
                self._client.download_file(self._options.bucket, self._name(key), str(unfinished))
            unfinished.replace(file)
        finally:
            unfinished.unlink(missing_ok=True)

    def keys(self, prefix: str) -> list[str]:
        """Return the keys that begin with a prefix."""
        start = self._name("")
        with _told(prefix):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._options.bucket, Prefix=start + prefix
            )
            return sorted(item["Key"].removeprefix(start) for page in pages for item in page.get("Contents", ()))

    def remove(self, key: str) -> None:
        """Forget what a key holds."""
        with _told(key):
            self._client.delete_object(Bucket=self._options.bucket, Key=self._name(key))

    def _kept(self) -> dict[str, Any]:
        options = self._options
        kept: dict[str, Any] = {}
        if options.storage_class:
            kept["StorageClass"] = options.storage_class
        if options.lock_mode:
            until = datetime.now(UTC) + timedelta(days=options.lock_days)
            kept |= {"ObjectLockMode": options.lock_mode, "ObjectLockRetainUntilDate": until}
        return kept

    def _name(self, key: str) -> str:
        return f"{self._options.prefix.strip('/')}/{key}".lstrip("/")

    @cached_property
    def _client(self) -> Any:
        import boto3  # noqa: PLC0415 - a heavy import, only for those who use S3
        from botocore.config import Config  # noqa: PLC0415 - see above

        options = self._options
        return boto3.client(
            "s3",
            endpoint_url=options.endpoint or None,
            region_name=options.region or None,
            aws_access_key_id=options.access_key or None,
            aws_secret_access_key=options.secret_key or None,
            config=Config(
                connect_timeout=options.connect_timeout,
                read_timeout=options.timeout,
                retries={"total_max_attempts": options.attempts, "mode": "standard"},
            ),
        )


@contextmanager
def _told(key: str) -> Iterator[None]:
    """Raise boto3's errors as ours; what they say of keys and addresses stays, secrets never stand in them."""
    from boto3.exceptions import Boto3Error  # noqa: PLC0415 - see above
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - see above

    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        kind = ObjectMissing if code in _MISSING else ObjectThere if code in _THERE else StorageError
        raise kind(_why(key, code)) from error
    except (Boto3Error, BotoCoreError, OSError) as error:
        code = found[1] if (found := _CODE.search(str(error))) else type(error).__name__
        raise StorageError(_why(key, code)) from error


def _why(key: str, code: str) -> str:
    return "there is no such bucket (S3_BUCKET, ARCHIVE_S3_BUCKET)" if code == "NoSuchBucket" else f"{key}: {code}"
