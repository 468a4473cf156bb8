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

PROGRAM = """
import os, signal, sys
from pathlib import Path
from database.db import Database
from database.engine import make_engine
from database.queries.scope import Vault
from services.archive.archiving import Archivist
from services.gateways.folder_storage import FolderStorage
from utils.encryption import BlindIndex, Keyring

url, bot, folder, step, *keys = sys.argv[1:]
left = int(step)

class Deadly(FolderStorage):
    def __getattribute__(self, name):
        if name in {"put", "fetch", "keys", "remove"}:
            global left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return super().__getattribute__(name)

database = Database(make_engine(url), int(bot), Vault(Keyring(keys[:1]), BlindIndex(keys[1])))
Archivist(database, Deadly(Path(folder) / "archive"), FolderStorage(Path(folder) / "objects"), part_bytes=1).run(-1)
"""


def run_and_die(room: Room, step: int) -> bool:
    """Archive in a process that kills itself before a step in storage; tells whether it came to its end instead."""
    url = room.database.engine.url.render_as_string(hide_password=False)
    arguments = [url, str(room.database.bot_id), str(room.folder), str(step), KEY, INDEX_KEY]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr.decode()
    return done.returncode == 0


@pytest.mark.parametrize("step", [2, 3, 5, 20])
def test_a_kill_leaves_a_whole_archive_or_none(database: Database, tmp_path: Path, step: int) -> None:
    """Two parts and a manifest are three puts; then everything is read back, a step for each; 20 is its end."""
    room = Room(database, tmp_path)
    talks = [room.talk(CUSTOMER), room.talk(OTHER)]
    ended = run_and_die(room, step)
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
