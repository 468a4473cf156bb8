"""The file that an index is stored as: an uncompressed tar of its parts, told whole by its SHA-256."""

import hashlib
import shutil
import tarfile
from pathlib import Path

from services.storage import StorageError

_BLOCK = 1 << 20


class ArtifactDamagedError(StorageError):
    """What lies in storage is not what was put there."""


def pack(folder: Path, file: Path) -> str:
    """Put the files of a folder into one, and return its checksum."""
    with tarfile.open(file, "w") as archive:
        for part in sorted(folder.rglob("*")):
            archive.add(part, part.relative_to(folder).as_posix(), recursive=False)
    return checksum_of(file)


def unpack(file: Path, folder: Path, checksum: str) -> None:
    """Take a packed folder apart into a new one, which is there whole or not at all; raises ArtifactDamagedError."""
    if checksum_of(file) != checksum:
        raise ArtifactDamagedError("the checksum differs")
    beside = folder.with_name(f"{folder.name}.part")
    try:
        with tarfile.open(file) as archive:
            for member in archive:
                _take_out(archive, member, beside)
    except (tarfile.TarError, OSError) as error:
        raise ArtifactDamagedError(str(error)) from error
    beside.rename(folder)


def _take_out(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write a part of an archive, if it is a file or folder and lies inside (before 3.11.4 tarfile has no filters)."""
    place = folder / member.name
    if not place.resolve().is_relative_to(folder.resolve()) or not (member.isdir() or member.isfile()):
        raise ArtifactDamagedError("a part lies outside, or is no file")
    if member.isdir():
        place.mkdir(parents=True, exist_ok=True)
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    content = archive.extractfile(member)
    assert content is not None  # noqa: S101 - it is a file
    with content, place.open("wb") as written:
        shutil.copyfileobj(content, written)


def checksum_of(file: Path) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while block := content.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
