"""PDF, Word, HTML and Markdown are read by a child process; hostile and broken ones are refused, and break nothing."""

import os
from pathlib import Path

import pytest

from services.knowledge.errors import (
    KnowledgeEmptyError,
    KnowledgeEncryptedError,
    KnowledgeError,
    KnowledgeTooLargeError,
    KnowledgeUnreadableError,
)
from services.knowledge.formats import read
from services.knowledge.parse import Entry
from tests.services.formats.documents import Line, pdf, word, word_bomb

RUNNING: Line = ("North Quay Bank, for customers", 8)


def test_a_word_document_is_read_by_its_styles() -> None:
    content = word(
        ("Title", "Справка"),
        ("Heading 1", "Как закрыть счёт?"),
        ("Normal", "Придите с паспортом."),
        ("List Bullet", "в любой офис"),
        table=[("Срок", "день"), ("Цена", "0 ₽")],
    )
    [entry] = read("help.docx", content).entries
    answer = "Придите с паспортом.\n- в любой офис\n\nСрок — день\n\nЦена — 0 ₽"
    assert entry == Entry("Справка", "Как закрыть счёт?", (), answer, entry.line)


def test_a_pdf_is_read_by_the_size_of_its_lines() -> None:
    pages = [
        [RUNNING, ("Deposits", 20), ("What is the rate?", 12), ("The rate is 12 % a", 12), ("year.", 12)],
        [RUNNING, ("Cards", 20), ("How do I block a card?", 12), ("Call us.", 12)],
        [RUNNING, ("Loans", 20), ("We give loans to every-", 12), ("body.", 12)],
    ]
    parsed = read("help.pdf", pdf(*pages))
    assert [(e.section, e.question, e.answer, e.line) for e in parsed.entries] == [
        ("Deposits", "What is the rate?", "The rate is 12 % a year.", 1),
        ("Cards", "How do I block a card?", "Call us.", 2),
        ("", "Loans", "We give loans to everybody.", 3),
    ]
    assert RUNNING[0] in str(parsed.warnings[0])


def test_a_page_without_text_is_named() -> None:
    parsed = read("scan.pdf", pdf([("Cards are free.", 12)], []))
    assert [warning.line for warning in parsed.warnings] == [2]


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("locked.pdf", pdf([("Secret", 12)], password="pass"), KnowledgeEncryptedError),
        ("locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), KnowledgeEncryptedError),
        ("bomb.docx", word_bomb(), KnowledgeTooLargeError),
        ("scan.pdf", pdf([], []), KnowledgeEmptyError),
        ("empty.docx", word(), KnowledgeEmptyError),
        ("cut.pdf", pdf([("Cards are free.", 12)])[:200], KnowledgeUnreadableError),
        ("cut.docx", word(("Normal", "Cards"))[:500], KnowledgeUnreadableError),
        ("noise.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 20, KnowledgeUnreadableError),
        ("noise.docx", b"PK\x03\x04" + bytes(range(256)), KnowledgeUnreadableError),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_used_is_refused_with_a_reason(name: str, content: bytes, error: type[KnowledgeError]) -> None:
    with pytest.raises(error, match=r"\w+ .*[.]$"):
        read(name, content)


def test_a_child_that_dies_is_a_document_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.knowledge.formats.apart._BYTES", 1 << 20)
    monkeypatch.setattr("sys.executable", "/bin/false" if os.path.exists("/bin/false") else "/usr/bin/false")  # noqa: PTH110
    with pytest.raises(KnowledgeUnreadableError):
        read("help.docx", word(("Normal", "Cards are free.")))


@pytest.mark.parametrize(("name", "text"), [("page.html", b"<!--"), ("page.md", b"[")])
def test_a_text_that_keeps_its_parser_busy_is_given_up(monkeypatch: pytest.MonkeyPatch, name: str, text: bytes) -> None:
    monkeypatch.setattr("services.knowledge.formats.apart._LONGEST", 3)
    with pytest.raises(KnowledgeUnreadableError, match="more than 3 seconds"):
        read(name, text * 2_000_000)


def test_the_name_of_a_file_does_no_harm() -> None:
    with pytest.raises(KnowledgeUnreadableError, match="damaged"):
        read("\0" + "a" * 200_000 + ".pdf", b"%PDF-1.7 garbage")


def test_the_child_is_given_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python, seen = tmp_path / "python", tmp_path / "seen"
    python.write_text(f"#!/bin/sh\nenv > '{seen}'\nexit 1\n")
    python.chmod(0o700)
    monkeypatch.setattr("sys.executable", str(python))
    monkeypatch.setenv("ENCRYPTION_KEY", "k" * 43)
    with pytest.raises(KnowledgeUnreadableError):
        read("help.docx", word(("Normal", "Cards are free.")))
    assert "PATH=" in seen.read_text()
    assert "ENCRYPTION_KEY" not in seen.read_text()
