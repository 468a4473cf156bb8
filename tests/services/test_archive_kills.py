"""Whoever archives may be killed at any step: the archive is whole or nobody counts on it, and the next one goes on."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT
from database.db import Database
from database.models import ArchiveState
from tests.database.fixtures import INDEX_KEY, KEY
from tests.services.archiving import CUSTOMER, OTHER, SECRET, Room
from tests.services.test_archive_cloud import address, bucket

__all__ = ["address"]  # a fixture

PROGRAM = """
import os, signal, sys
from pathlib import Path
from database.db import Database
from database.engine import make_engine
from database.queries.scope import Vault
from services.archive.archiving import Archivist
from services.gateways.cloud_storage import S3Options, S3Storage
from services.gateways.folder_storage import FolderStorage
from utils.encryption import BlindIndex, Keyring

url, bot, folder, step, address, *keys = sys.argv[1:]
left = int(step)

class Deadly(S3Storage if address else FolderStorage):
    def __getattribute__(self, name):
        if name in {"put", "fetch", "keys", "remove"}:
            global left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return super().__getattribute__(name)

database = Database(make_engine(url), int(bot), Vault(Keyring(keys[:1]), BlindIndex(keys[1])))
place = S3Options("plain", "p", address, "us-east-1", "key", "secret") if address else Path(folder) / "archive"
Archivist(database, Deadly(place), FolderStorage(Path(folder) / "objects"), part_bytes=1).run(-1)
"""


def run_and_die(room: Room, step: int, address: str = "") -> bool:
    """Archive in a process that kills itself before a step in storage; tells whether it came to its end instead."""
    url = room.database.engine.url.render_as_string(hide_password=False)
    arguments = [url, str(room.database.bot_id), str(room.folder), str(step), address, KEY, INDEX_KEY]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=180,
        check=False,
    )
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr.decode()
    return done.returncode == 0


@pytest.mark.parametrize("step", [2, 5, 20])
def test_a_kill_leaves_a_whole_archive_or_none(database: Database, tmp_path: Path, step: int) -> None:
    """Two parts and a manifest are three puts; then everything is read back, a step for each; 20 is its end."""
    _killed_and_made_up_for(Room(database, tmp_path), step)


@pytest.mark.parametrize("step", [4])
def test_a_kill_leaves_a_whole_archive_or_none_in_a_bucket(
    sqlite: Database, address: str, tmp_path: Path, step: int
) -> None:
    _killed_and_made_up_for(Room(sqlite, tmp_path, bucket(address)), step, address)


def _killed_and_made_up_for(room: Room, step: int, address: str = "") -> None:
    talks = [room.talk(CUSTOMER), room.talk(OTHER)]
    ended = run_and_die(room, step, address)
    assert ended == (step == 20)
    assert (len(room.archives()), room.unarchived()) == ((1, 0) if ended else (0, 2))
    assert len(room.archives(ArchiveState.WRITING)) == int(not ended)
    room.let_lease_pass()
    done = room.archive()
    assert done.conversations == (0 if ended else 2)
    assert (room.unarchived(), room.findings()) == (0, [])
    assert [room.lines(talk)[1]["body"] for talk in talks] == [SECRET] * 2
    kept = {str(archive.id) for archive in room.archives()}
    assert {name.split("/")[1] for name in room.objects()} == kept
    assert len(kept) == 1
