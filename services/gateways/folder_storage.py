"""Object storage in a folder: the default, and what tests and a single machine need."""

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from services.storage import ObjectMissing, ObjectThere, StorageError

_KEY = re.compile(r"[\w.=@-]+(?:/[\w.=@-]+)*")
_UNFINISHED = ".part"
_LONGEST = 3600.0  # seconds without a byte after which nobody is writing any more


class FolderStorage:
    """Keys are paths below a folder. A file is written beside its place, made durable, and moved there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, file: Path) -> None:
        """Keep a copy of a file under a key."""
        with _told():
            path = self._path(key)
            _copy_whole(file, path)
            _sweep(path.parent)

    def add(self, key: str, file: Path) -> None:
        """Keep a copy of a file under a key that holds nothing yet."""
        with _told():
            path = self._path(key)
            _copy_whole(file, path, anew=True)
            _sweep(path.parent)

    def fetch(self, key: str, file: Path) -> None:
        """Copy what a key holds."""
        with _told():
            _copy_whole(self._path(key), file)

    def keys(self, prefix: str) -> list[str]:
        """Return the keys that begin with a prefix."""
        with _told():
            begin = self._folder / prefix.rpartition("/")[0]  # what lies elsewhere may be much, and is not looked at
            paths = begin.rglob("*") if begin.is_dir() else ()
            names = (path.relative_to(self._folder).as_posix() for path in paths if path.is_file())
            return sorted(name for name in names if name.startswith(prefix) and not name.endswith(_UNFINISHED))

    def remove(self, key: str) -> None:
        """Forget what a key holds."""
        with _told():
            self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key) or ".." in key.split("/"):
            raise StorageError(f"not a key: {key!r}")
        return self._folder / key


def _copy_whole(source: Path, target: Path, *, anew: bool = False) -> None:
    """Write a copy beside its place and move it there; `anew` raises FileExistsError where something is."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.{uuid4().hex}{_UNFINISHED}")
    try:
        with source.open("rb") as reading, unfinished.open("wb") as writing:
            shutil.copyfileobj(reading, writing, 1 << 20)
            writing.flush()
            os.fsync(writing.fileno())
        if anew:
            target.hardlink_to(unfinished)  # whole or not at all too, and never in place of another one
        else:
            unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Remove what was being written by somebody who was killed."""
    for path in folder.glob(f"*{_UNFINISHED}"):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > _LONGEST:
                path.unlink()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise ObjectMissing(str(error.filename)) from error
    except FileExistsError as error:
        raise ObjectThere(str(error.filename)) from error
    except OSError as error:
        raise StorageError(f"{type(error).__name__}: {error.strerror}") from error
