"""The builder: one of many builds, old indexes go, and a storage that is away costs a build for each worker."""

import os
import time
from pathlib import Path
from uuid import uuid4

import pytest

from database.db import Database
from database.models import IndexState
from database.queries.index import MAX_ATTEMPTS
from services.gateways.folder_storage import FolderStorage
from services.storage import StorageError
from tests.database.threads import let_time_pass, together
from tests.services.test_library import Machine, begun, publish


@pytest.fixture
def machine(database: Database, tmp_path: Path) -> Machine:
    return Machine(database, FolderStorage(tmp_path / "storage"), tmp_path / "here")


@pytest.fixture
def other(database: Database, tmp_path: Path) -> Machine:
    return Machine(database, FolderStorage(tmp_path / "storage"), tmp_path / "there")


class AwayStorage(FolderStorage):
    """A storage that cannot be written to."""

    def put(self, key: str, file: Path) -> None:
        raise StorageError(f"{key}: {file.name} is not taken")


def test_with_the_storage_away_every_worker_builds_its_own(database: Database, tmp_path: Path) -> None:
    machine = Machine(database, AwayStorage(tmp_path / "storage"), tmp_path / "here")
    publish(database, "The card is free.")
    begun(machine)
    assert machine.says() == ["The card is free."]
    for _ in range(MAX_ATTEMPTS):
        let_time_pass(database)
        assert machine.builder.run() == 0
    with database.reading() as uow:
        [basis] = machine.builder.bases_of(uow.knowledge.current()).values()
        row = uow.indexes.get("en", basis)
    assert row is not None
    assert row.state == IndexState.FAILED


def test_one_of_many_builds(machine: Machine, other: Machine) -> None:
    publish(machine.database, "The card is free.")
    with machine.database.reading() as uow:
        bases = machine.builder.bases_of(uow.knowledge.current())
    with machine.database.unit_of_work() as uow:
        uow.indexes.want("en", bases["en"])
    assert sum(together(lambda number: (machine, other)[number % 2].builder.run())) == 1


class DeadlyStorage(FolderStorage):
    """A storage whose user dies as soon as something is stored, once."""

    deadly = True

    def put(self, key: str, file: Path) -> None:
        super().put(key, file)
        if self.deadly:
            self.deadly = False
            raise SystemExit


def test_what_a_killed_builder_had_stored_is_removed_by_the_next_one(database: Database, tmp_path: Path) -> None:
    machine = Machine(database, DeadlyStorage(tmp_path / "storage"), tmp_path / "here")
    publish(database, "The card is free.")
    with database.reading() as uow:
        bases = machine.builder.bases_of(uow.knowledge.current())
    with database.unit_of_work() as uow:
        uow.indexes.want("en", bases["en"])
    with pytest.raises(SystemExit):
        machine.builder.run()
    [orphan] = machine.storage.keys("index/")
    stranger = f"index/{database.bot_id}/{uuid4()}.0123456789ab"
    for key in (stranger, "index/0/of.another"):
        machine.storage.put(key, tmp_path / "storage" / orphan)
    let_time_pass(database)
    assert machine.builder.run() == 1
    begun(machine)
    kept = machine.storage.keys("index/")
    assert "index/0/of.another" in kept
    assert len(kept) == 2
    assert machine.says() == ["The card is free."]
    assert machine.maker.opened == ["en"], "what was kept is the index that is in use"


def test_what_is_being_built_is_never_taken_for_left_over(machine: Machine) -> None:
    publish(machine.database, "The card is free.")
    begun(machine)
    with machine.database.unit_of_work() as uow:
        uow.indexes.want("kk", "a basis")
        claim = uow.indexes.claim(lease=60)
    assert claim
    key = f"index/{machine.database.bot_id}/{claim.id}.0123456789ab"
    [own] = machine.storage.keys("index/")
    machine.storage.put(key, machine.folder.parent / "storage" / own)
    publish(machine.database, "The card is 9 a month.")
    machine.library.refresh()
    machine.builder.run()
    assert key in machine.storage.keys("index/")


def test_a_machine_keeps_no_copies_of_forgotten_indexes_nor_rooms_of_the_killed(
    machine: Machine, other: Machine
) -> None:
    for number in range(6):
        publish(machine.database, f"The card is {number} a month.")
        for one in (machine, other):
            one.library.refresh()
            machine.builder.run()
            one.library.refresh()
    here = other.folder / str(machine.database.bot_id)
    fresh, left = here / "room-fresh", here / "room-left"
    for room in (fresh, left):
        (room / "parts").mkdir(parents=True)
    long_ago = time.time() - 7 * 3600
    os.utime(left, (long_ago, long_ago))
    publish(machine.database, "The card is free.")
    machine.library.refresh()
    machine.builder.run()
    other.library.refresh()
    assert other.says() == ["The card is free."]
    assert fresh.is_dir()
    assert not left.exists()
    stored = {key.rpartition("/")[2] for key in machine.storage.keys("index/")}
    assert {path.name for path in here.iterdir()} - {"room-fresh"} <= stored


def test_old_indexes_are_forgotten_with_their_files(machine: Machine) -> None:
    for number in range(6):
        publish(machine.database, f"The card is {number} a month.")
        machine.library.refresh()
        machine.builder.run()
        machine.library.refresh()
        assert machine.says() == [f"The card is {number} a month."]
    assert len(machine.storage.keys("index/")) == 3
