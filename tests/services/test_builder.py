"""The builder: one of many builds, old indexes go, and a storage that is away costs a build for each worker."""

from pathlib import Path

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


def test_old_indexes_are_forgotten_with_their_files(machine: Machine) -> None:
    for number in range(6):
        publish(machine.database, f"The card is {number} a month.")
        machine.library.refresh()
        machine.builder.run()
        machine.library.refresh()
        assert machine.says() == [f"The card is {number} a month."]
    assert len(machine.storage.keys("index/")) == 3
