"""Loading knowledge files: a version for each change, and none for what did not change or cannot be used."""

from pathlib import Path

import pytest

from database.db import Database
from services.knowledge.errors import KnowledgeEmptyError
from services.knowledge.load import load, refresh, twins

CARDS = "## Cards\n### How much is the card? | Card fee\nThe card is free.\n### What are the limits?\n100 000 a day.\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "context.txt"
    path.write_text(CARDS, encoding="utf-8")
    return path


def versions(database: Database) -> list[tuple[str, str, int]]:
    """Return document, language and number of the current versions."""
    with database.reading() as uow:
        return [(version.document, version.language, version.number) for version in uow.knowledge.current()]


def texts(database: Database) -> list[str]:
    with database.reading() as uow:
        return [chunk.text for chunk in uow.knowledge.chunks([version.id for version in uow.knowledge.current()])]


def test_twins_are_found_by_their_language(tmp_path: Path, file: Path) -> None:
    for name in ("context.en.txt", "context.kk.txt", "context.en.md", "other.uz.txt"):
        (tmp_path / name).touch()
    assert twins(file, "ru") == {
        "ru": file,
        "en": tmp_path / "context.en.txt",
        "kk": tmp_path / "context.kk.txt",
    }
    file.unlink()
    assert list(twins(file, "ru")) == ["en", "kk"]


def test_a_file_becomes_passages_in_its_order(database: Database, file: Path) -> None:
    assert load(database, {"en": file}) == ["context.txt: 2 entries, en"]
    with database.reading() as uow:
        [version] = uow.knowledge.current()
        stored = [(row.section, row.title, row.alternatives, row.text) for row in uow.knowledge.chunks([version.id])]
    assert stored == [
        ("Cards", "How much is the card?", ["Card fee"], "The card is free."),
        ("Cards", "What are the limits?", [], "100 000 a day."),
    ]


def test_a_file_that_did_not_change_does_nothing(database: Database, file: Path) -> None:
    load(database, {"en": file})
    assert load(database, {"en": file}) == []
    assert versions(database) == [("context", "en", 1)]


def test_a_changed_file_is_a_new_version_of_the_same_document(database: Database, file: Path) -> None:
    load(database, {"en": file})
    file.write_text(CARDS.replace("free", "9 a month"), encoding="utf-8")
    assert load(database, {"en": file}) == ["context.txt: 2 entries, en"]
    assert versions(database) == [("context", "en", 2)]
    assert texts(database) == ["The card is 9 a month.", "100 000 a day."]


def test_languages_are_versioned_each_for_itself(database: Database, tmp_path: Path, file: Path) -> None:
    twin = tmp_path / "context.en.txt"
    twin.write_text(CARDS, encoding="utf-8")
    load(database, twins(file, "ru"))
    twin.write_text(f"{CARDS}### New?\nYes.\n", encoding="utf-8")
    assert load(database, twins(file, "ru")) == ["context.en.txt: 3 entries, en"]
    assert versions(database) == [("context", "en", 2), ("context", "ru", 1)]


def test_a_file_that_cannot_be_used_is_refused(database: Database, file: Path) -> None:
    load(database, {"en": file})
    file.write_text("# nothing but a note\n", encoding="utf-8")
    with pytest.raises(KnowledgeEmptyError):
        load(database, {"en": file})


def test_the_old_version_stays_when_a_file_cannot_be_used(
    database: Database, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    load(database, {"en": file})
    file.write_bytes(b"%PDF-1.7\x00\x01")
    refresh(database, {"en": file})
    assert versions(database) == [("context", "en", 1)]
    assert texts(database) == ["The card is free.", "100 000 a day."]
    assert "a knowledge file cannot be used" in caplog.text
    file.unlink()
    refresh(database, {"en": file})
    assert versions(database) == [("context", "en", 1)]


def test_a_file_that_cannot_be_used_does_not_hold_up_the_others(database: Database, tmp_path: Path, file: Path) -> None:
    twin = tmp_path / "context.en.txt"
    twin.write_text(CARDS, encoding="utf-8")
    file.write_bytes(b"%PDF-1.7\x00\x01")
    refresh(database, twins(file, "ru"))
    assert versions(database) == [("context", "en", 1)]
