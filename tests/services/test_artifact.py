"""What an index is stored as: whole or not at all, and nothing beside its folder."""

import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from services.knowledge.artifact import ArtifactDamagedError, checksum_of, pack, unpack


def test_a_folder_comes_back_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "index" / "legs").mkdir(parents=True)
    (tmp_path / "index" / "legs" / "words").write_bytes(b"stems")
    (tmp_path / "index" / "chunks").write_bytes(b"text")
    checksum = pack(tmp_path / "index", tmp_path / "index.tar")
    unpack(tmp_path / "index.tar", tmp_path / "copy", checksum)
    copied = {path.relative_to(tmp_path / "copy").as_posix(): path for path in (tmp_path / "copy").rglob("*")}
    assert set(copied) == {"legs", "legs/words", "chunks"}
    assert (copied["legs/words"].read_bytes(), copied["chunks"].read_bytes()) == (b"stems", b"text")


@pytest.mark.parametrize(("name", "kind"), [("../beside", tarfile.REGTYPE), ("link", tarfile.SYMTYPE)])
def test_what_would_lie_outside_is_refused(tmp_path: Path, name: str, kind: bytes) -> None:
    file = tmp_path / "index.tar"
    with tarfile.open(file, "w") as archive:
        part = tarfile.TarInfo(name)
        part.type, part.size, part.linkname = kind, 0, "/etc"
        archive.addfile(part, BytesIO(b""))
    with pytest.raises(ArtifactDamagedError):
        unpack(file, tmp_path / "copy", checksum_of(file))
    assert not (tmp_path / "copy").exists()
    assert not (tmp_path / "beside").exists()
