"""The library and the builder: indexes are built once, kept in storage, swapped while the old one answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from database.db import Database
from database.queries.knowledge import NewChunk
from services.gateways.folder_storage import FolderStorage
from services.knowledge.builder import IndexBuilder
from services.knowledge.library import DatabaseLibrary
from services.knowledge.passages import Chunk, Found
from services.knowledge.shelf import Shelf
from services.retrieval import Index
from services.wiring_index import IndexMaker
from tests.database.fixtures import another_bot

ASKED = "How much is the card?"


@dataclass
class CountedMaker(IndexMaker):
    """Makes indexes, and keeps what was built and what was opened."""

    built: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def build(self, chunks: Sequence[Chunk], language: str, earlier: Path | None = None) -> Index:
        self.built.append(language)
        return super().build(chunks, language, earlier)

    def open(self, folder: Path, language: str) -> Index:
        self.opened.append(language)
        return super().open(folder, language)


@dataclass
class Machine:
    """A machine with a worker's library and builder; several may share a storage."""

    database: Database
    storage: FolderStorage
    folder: Path
    maker: CountedMaker = field(default_factory=CountedMaker)
    woken: int = 0

    def __post_init__(self) -> None:
        shelf = Shelf(self.storage, self.folder, self.database.bot_id)
        self.builder = IndexBuilder(self.database, shelf, self.maker)
        self.library = DatabaseLibrary(self.database, shelf, self.builder, "en", self._wake)

    def _wake(self) -> None:
        self.woken += 1

    def says(self, language: str = "en", asked: str = ASKED) -> list[str]:
        return said(self.library.search(asked, language))


def said(found: Found) -> list[str]:
    return [passage.chunk.text for passage in found.passages]


def publish(database: Database, text: str, language: str = "en", document: str = "context") -> None:
    with database.unit_of_work() as uow:
        uow.knowledge.publish(document, language, text, [NewChunk("Cards", ASKED, (), text)])


@pytest.fixture
def machine(database: Database, tmp_path: Path) -> Machine:
    return Machine(database, FolderStorage(tmp_path / "storage"), tmp_path / "here")


@pytest.fixture
def other(database: Database, tmp_path: Path) -> Machine:
    return Machine(database, FolderStorage(tmp_path / "storage"), tmp_path / "there")


def begun(machine: Machine) -> None:
    """Do what a worker's start does, without its thread."""
    machine.library.start()
    machine.library.stop()


def test_without_knowledge_nothing_is_found(database: Database, machine: Machine) -> None:
    publish(another_bot(database.engine), "Another bank's.")
    begun(machine)
    assert machine.library.search(ASKED, "en") == Found()


def test_the_first_worker_builds_and_the_next_one_opens(machine: Machine, other: Machine) -> None:
    publish(machine.database, "The card is free.")
    begun(machine)
    begun(other)
    assert (machine.says(), other.says()) == (["The card is free."], ["The card is free."])
    assert (machine.maker.built, other.maker.built) == (["en"], [])
    assert other.maker.opened == ["en"]


def test_a_new_version_is_asked_for_once_and_swapped_when_it_is_ready(machine: Machine, other: Machine) -> None:
    publish(machine.database, "The card is free.")
    begun(machine)
    begun(other)
    publish(machine.database, "The card is 9 a month.")
    for library in (machine.library, other.library, machine.library):
        library.refresh()
    assert machine.woken + other.woken == 1 + machine.maker.built.count("en")
    assert machine.says() == ["The card is free."]  # nobody waits for the build
    assert other.builder.run() == 1
    machine.library.refresh()
    other.library.refresh()
    assert (machine.says(), other.says()) == (["The card is 9 a month."], ["The card is 9 a month."])
    assert machine.maker.built == ["en"]


def test_a_roll_back_needs_no_build(machine: Machine) -> None:
    publish(machine.database, "The card is free.")
    begun(machine)
    publish(machine.database, "The card is 9 a month.")
    machine.library.refresh()
    assert machine.builder.run() == 1
    machine.library.refresh()
    with machine.database.unit_of_work() as uow:
        newest = uow.knowledge.in_force("context", "en")
        assert newest is not None
        uow.knowledge.retire(newest, by=None)
    machine.library.refresh()
    assert machine.says() == ["The card is free."]
    assert machine.maker.built == ["en", "en"]


def test_documents_of_a_language_are_one_index(machine: Machine) -> None:
    publish(machine.database, "The card is free.", document="cards")
    publish(machine.database, "Another card is 9 a month.", document="more")
    begun(machine)
    assert machine.says(asked="Is it free?")[0] == "The card is free."
    assert machine.says(asked="Is it by the month?")[0] == "Another card is 9 a month."
    assert machine.maker.built == ["en"]


def test_a_language_without_knowledge_is_served_by_the_default_one(machine: Machine) -> None:
    publish(machine.database, "The card is free.")
    begun(machine)
    assert machine.says("kk") == ["The card is free."]


@pytest.mark.parametrize("harm", ["lost", "damaged"])
def test_an_index_that_is_lost_or_damaged_is_built_again(machine: Machine, other: Machine, harm: str) -> None:
    publish(machine.database, "The card is free.")
    begun(machine)
    [key] = machine.storage.keys("index/")
    if harm == "lost":
        machine.storage.remove(key)
    else:
        noise = machine.folder.parent / "noise"
        noise.write_bytes(b"noise")
        machine.storage.put(key, noise)
    begun(other)
    assert other.says() == ["The card is free."]  # built here, and asked for anew
    assert other.woken == 1
    assert other.builder.run() == 1
    third = Machine(machine.database, machine.storage, machine.folder.parent / "third")
    begun(third)
    assert (third.says(), third.maker.built) == (["The card is free."], [])
