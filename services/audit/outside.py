"""Checkpoints outside the database: in object storage, a folder a day, never written over."""

import base64
import binascii
import json
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from services.audit.checkpoint import Checkpoint, Notary
from services.audit.errors import NotVouchedFor
from services.storage import ObjectStore, ObjectThere
from utils.merkle import Frontier


class Checkpoints:
    """Keeps the checkpoints of one bot; the names are `audit/<bot>/<day>/<size>.json`, so that they sort by size."""

    def __init__(self, store: ObjectStore, notary: Notary, bot_id: int) -> None:
        self._store = store
        self._notary = notary
        self._prefix = f"audit/{bot_id}/"

    def put(self, note: str, tree: Frontier) -> None:
        """Keep a note with the peaks that it vouches for; raises StorageError.

        What is there already under its name stays: NotVouchedFor unless it says the same.
        """
        checkpoint = self._notary.read(note)
        peaks = base64.b64encode(tree.packed()).decode()
        with tempfile.TemporaryDirectory(prefix="audit-") as room:
            file = Path(room) / "checkpoint"
            file.write_text(json.dumps({"checkpoint": note, "peaks": peaks}, ensure_ascii=False), encoding="utf-8")
            key = f"{self._day(checkpoint)}{checkpoint.size:012}.json"
            try:
                self._store.add(key, file)
            except ObjectThere:  # somebody who put it was killed before remembering that
                if self._read(key)[1] != tree:
                    raise NotVouchedFor(f"{key} vouches for another log of {checkpoint.size} events") from None

    def newest(self, about: Checkpoint) -> Frontier:
        """Return the largest tree that was kept, to which the tree of `about` should be the next.

        Only the days around it are looked through; all days if there is nothing. Raises StorageError, NotVouchedFor.
        """
        days = (self._day(about, ago) for ago in (0, 1))
        keys = next((keys for keys in map(self._store.keys, (*days, self._prefix)) if keys), [])
        if not keys:
            return Frontier()
        return self._read(max(keys, key=_size_in))[1]

    def each_day(self) -> Iterator[Checkpoint | NotVouchedFor]:
        """Return the last checkpoint of each day, or what is wrong with it; raises StorageError."""
        last: dict[str, str] = {}
        for key in self._store.keys(self._prefix):
            day = key.rpartition("/")[0]
            last[day] = max(last.get(day, key), key, key=_size_in)
        for key in last.values():
            try:
                yield self._read(key)[0]
            except NotVouchedFor as error:
                yield error

    def _read(self, key: str) -> tuple[Checkpoint, Frontier]:
        with tempfile.TemporaryDirectory(prefix="audit-") as room:
            file = Path(room) / "checkpoint"
            self._store.fetch(key, file)
            content = file.read_text(encoding="utf-8")
        try:
            kept = json.loads(content)
            checkpoint = self._notary.read(str(kept["checkpoint"]))
            tree = Frontier.unpacked(checkpoint.size, base64.b64decode(kept["peaks"], validate=True))
        except NotVouchedFor as error:
            raise NotVouchedFor(f"{key}: {error}") from None
        except (ValueError, KeyError, TypeError, binascii.Error):
            raise NotVouchedFor(f"{key} is not a checkpoint") from None
        if tree.root != checkpoint.root:
            raise NotVouchedFor(f"{key} has other peaks than it vouches for")
        return checkpoint, tree

    def _day(self, checkpoint: Checkpoint, ago: int = 0) -> str:
        return f"{self._prefix}{checkpoint.at - timedelta(days=ago):%Y-%m-%d}/"


def _size_in(key: str) -> str:
    return key.rpartition("/")[2]
