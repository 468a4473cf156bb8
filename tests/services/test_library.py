"""The library: one index per language, swapped once per version while the old one goes on answering."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from database.db import Database
from database.queries.knowledge import NewChunk
from services.knowledge.library import DatabaseLibrary
from services.knowledge.passages import Chunk, Found
from services.retrieval import Index
from services.wiring_worker import build_index
from tests.database.fixtures import another_bot
from tests.database.threads import together

ASKED = "How much is the card?"


class Builder:
    """Builds indexes and keeps their languages; the builds after the first wait for `go_on`."""

    def __init__(self) -> None:
        self.built: list[str] = []
        self.begun, self.go_on = Event(), Event()
        self.go_on.set()

    def __call__(self, chunks: Sequence[Chunk], language: str) -> Index:
        if self.built:
            self.begun.set()
            assert self.go_on.wait(10)
        self.built.append(language)
        return build_index(chunks, language)


@pytest.fixture
def builder() -> Builder:
    return Builder()


def publish(database: Database, text: str, language: str = "en", document: str = "context") -> None:
    with database.unit_of_work() as uow:
        uow.knowledge.publish(document, language, text, [NewChunk("Cards", ASKED, (), text)])


def said(found: Found) -> list[str]:
    return [passage.chunk.text for passage in found.passages]


def test_without_knowledge_nothing_is_found(database: Database, builder: Builder) -> None:
    publish(another_bot(database.engine), "Another bank's.")
    assert DatabaseLibrary(database, builder, "en").search(ASKED, "en") == Found()


def test_it_is_built_once_per_version(database: Database, builder: Builder) -> None:
    library = DatabaseLibrary(database, builder, "en")
    publish(database, "The card is free.")
    for _ in range(3):
        library.refresh(at_once=True)
    assert said(library.search(ASKED, "en")) == ["The card is free."]
    publish(database, "The card is 9 a month.")
    for _ in range(3):
        library.refresh(at_once=True)
    assert said(library.search(ASKED, "en")) == ["The card is 9 a month."]
    assert builder.built == ["en", "en"]


def test_it_looks_for_versions_by_itself_but_not_at_every_search(
    database: Database, builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(database, "The card is free.")
    library = DatabaseLibrary(database, builder, "en")
    assert said(library.search(ASKED, "en")) == ["The card is free."]
    publish(database, "The card is 9 a month.")
    assert said(library.search(ASKED, "en")) == ["The card is free."]
    monkeypatch.setattr("services.knowledge.library._MAX_AGE", 0.0)
    assert said(library.search(ASKED, "en")) == ["The card is 9 a month."]


def test_documents_of_a_language_are_one_index(database: Database, builder: Builder) -> None:
    publish(database, "The card is free.", document="cards")
    publish(database, "Another card is 9 a month.", document="more")
    library = DatabaseLibrary(database, builder, "en")
    assert said(library.search("Is it free?", "en")) == ["The card is free."]
    assert said(library.search("Is it by the month?", "en")) == ["Another card is 9 a month."]
    assert builder.built == ["en"]


def test_a_language_without_knowledge_is_served_by_the_default_one(database: Database, builder: Builder) -> None:
    publish(database, "Карта бесплатна: the card is free.", "ru")
    publish(database, "The card is free.", "en")
    library = DatabaseLibrary(database, builder, "ru")
    assert said(library.search(ASKED, "en")) == ["The card is free."]
    for language in ("ru", "kk"):
        assert said(library.search(ASKED, language)) == ["Карта бесплатна: the card is free."]


def test_the_old_index_answers_while_the_new_one_is_built(database: Database, builder: Builder) -> None:
    publish(database, "The card is free.")
    library = DatabaseLibrary(database, builder, "en")
    library.refresh(at_once=True)
    publish(database, "The card is 9 a month.")
    builder.go_on.clear()
    with ThreadPoolExecutor(1) as pool:
        building = pool.submit(library.refresh, at_once=True)
        try:
            assert builder.begun.wait(10)
            library.refresh(at_once=True)
            assert said(library.search(ASKED, "en")) == ["The card is free."]
        finally:
            builder.go_on.set()
        building.result(10)
    assert said(library.search(ASKED, "en")) == ["The card is 9 a month."]
    assert builder.built == ["en", "en"]


def test_the_first_searches_wait_for_the_first_index(database: Database, builder: Builder) -> None:
    publish(database, "The card is free.")
    library = DatabaseLibrary(database, builder, "en")
    found = together(lambda _: said(library.search(ASKED, "en")))
    assert found == [["The card is free."]] * len(found)
    assert builder.built == ["en"]


def test_its_version_is_another_as_soon_as_the_knowledge_is(database: Database, builder: Builder) -> None:
    publish(database, "The card is free.")
    library = DatabaseLibrary(database, builder, "en")
    before = library.version
    assert library.version == before != ""
    publish(database, "The card costs 99.")
    library.refresh(at_once=True)
    assert library.version != before
