"""The knowledge on the command line: upload, approve, compare, golden questions, and sentences for what is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from commands.knowledge import knowledge
from database.db import Database
from services.access import Role
from utils.encryption import generate_key

EDITOR, SUPERVISOR = "701", "702"
FIRST = "### How much is the card?\nThe card is free.\n### What are the limits?\n100 000 a day.\n"
SECOND = FIRST.replace("free", "9 a month")

Run = Callable[..., Result]


@pytest.fixture
def run(sqlite: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run a command in a folder with the files of two versions and of golden questions."""
    for name in ("ENCRYPTION_KEY", "BLIND_INDEX_KEY"):
        monkeypatch.setenv(name, generate_key())
    monkeypatch.setenv("BOT_TOKEN", "123456:" + "A" * 35)
    monkeypatch.setenv("DEFAULT_LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)
    Path("cards.txt").write_text(FIRST)
    Path("next.txt").write_text(SECOND)
    Path("worse.txt").write_text("### What are the limits?\n100 000 a day.\n")
    Path("golden.csv").write_text("question,expected\nis the card free,How much is the card?\nthe weather,\n")
    with sqlite.unit_of_work() as uow:
        uow.roles.grant(int(EDITOR), Role.EDITOR, None)
        uow.roles.grant(int(SUPERVISOR), Role.SUPERVISOR, None)
    return lambda *words: CliRunner().invoke(knowledge, [str(word) for word in words], obj=sqlite)


def upload(run: Run, file: str) -> str:
    result = run("upload", file, "--document", "cards", "--as", EDITOR)
    assert result.exit_code == 0, result.output
    return result.output


def approve(run: Run, number: int, *more: str, by: str = SUPERVISOR) -> Result:
    return run("approve", "cards", number, "--as", by, *more)


def test_a_document_in_one_language_needs_none_to_be_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEFAULT_LANGUAGE", "ru")
    assert "cards (en) version 1: draft" in upload(run, "cards.txt")
    assert "approved from" in approve(run, 1).output
    assert "cards is out of the knowledge" in run("retire", "cards", "--as", SUPERVISOR).output


def test_a_version_is_uploaded_approved_compared_and_rolled_back(run: Run) -> None:
    assert "cards (en) version 1: draft" in upload(run, "cards.txt")
    assert "approved from" in approve(run, 1).output
    upload(run, "next.txt")
    told = run("diff", "cards", 2).output
    assert "~ How much is the card?\n  - The card is free.\n  + The card is 9 a month." in told
    assert "1 entries are the same" in told
    approve(run, 2, "--to", "2999-01-01T09:30+03:00")
    assert "2  in force" in run("list").output
    assert "until 2999-01-01 06:30" in run("list").output
    assert "The card is 9 a month." in run("show", "cards", 2).output
    assert "version 1 of cards (en) is in force again" in run("rollback", "cards", "--as", SUPERVISOR).output
    assert "1 versions retired" in run("retire", "cards", "--as", SUPERVISOR).output
    assert "in force" not in run("list").output


def test_golden_questions_hold_a_worse_version_back(run: Run) -> None:
    upload(run, "cards.txt")
    approve(run, 1)
    imported = run("golden", "import", "golden.csv", "--as", SUPERVISOR)
    assert imported.output == "1 added, 0 there already, 1 without an answer left out\n"
    assert "is the card free" in run("golden", "list").output
    assert "worse: is the card free (place 1 → none)" in upload(run, "worse.txt")
    refused = approve(run, 2)
    assert refused.exit_code == 1
    assert "worse on 1 golden questions: is the card free" in refused.output
    assert "worse: is the card free" in run("golden", "check").output
    assert run("golden", "remove", "is the card free", "--as", SUPERVISOR).exit_code == 0
    assert approve(run, 2).exit_code == 0


def test_the_operators_own_file_is_in_force_at_once_and_told_when_it_does_worse(run: Run) -> None:
    assert run("load", "cards.txt").output == "cards.txt: 2 entries, en\n"
    assert run("load", "cards.txt").output == "nothing changed\n"
    run("golden", "add", "is the card free", "--title", "How much is the card?", "--as", SUPERVISOR)
    Path("cards.txt").write_text(Path("worse.txt").read_text())
    assert "worse: is the card free" in run("load", "cards.txt").output


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04\x00\x00", "an archive"),
        (b"\xd2\xcf\xcb\xd3\xd4 \xff\xfe\x81\x98" * 9, "UTF-8"),
        (b"# only a note\n", "no entry"),
        (b"a" * (10 * 2**20 + 1), "are allowed"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_sentence(run: Run, content: bytes, told: str) -> None:
    Path("bad.txt").write_bytes(content)
    result = run("upload", "bad.txt", "--as", EDITOR)
    assert result.exit_code == 1
    assert result.output.startswith("Error: bad.txt: ")
    assert told in result.output


def test_what_may_not_be_is_refused_with_a_sentence(run: Run) -> None:
    upload(run, "cards.txt")
    assert "may not do this" in run("upload", "next.txt", "--as", "1").output
    assert "may not do this" in approve(run, 1, by=EDITOR).output
    assert "There is no version 7 of cards (en)." in approve(run, 7).output
    assert "at no time" in approve(run, 1, "--to", "2001-01-01").output
    assert "not a moment" in approve(run, 1, "--from", "tomorrow").output
    assert run("reject", "cards", 1, "--reason", "typo", "--as", SUPERVISOR).exit_code == 0
    assert "is rejected already" in approve(run, 1).output
    assert "needs words, and the title" in run("golden", "add", "?", "--as", SUPERVISOR).output
    Path("golden.csv").write_bytes(b"\xff\xfe\x00")
    assert "not a CSV file" in run("golden", "import", "golden.csv", "--as", SUPERVISOR).output
    Path("golden.csv").write_text("a,b\n1,2\n")
    assert "has to name the columns" in run("golden", "import", "golden.csv", "--as", SUPERVISOR).output


def test_dates_of_an_approved_version_are_changed(run: Run) -> None:
    upload(run, "cards.txt")
    approve(run, 1, "--from", "2998-01-01")
    told = run("schedule", "cards", 1, "--from", "2999-01-01", "--to", "2999-02-01", "--as", SUPERVISOR).output
    assert "from 2999-01-01 00:00 until 2999-02-01 00:00" in told
