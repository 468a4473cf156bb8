"""Reading the knowledge file: its format, its encodings, what is wrong with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.knowledge.errors import (
    KnowledgeBinaryError,
    KnowledgeEmptyError,
    KnowledgeError,
    KnowledgeTooLargeError,
    KnowledgeUndecodableError,
)
from services.knowledge.parse import MAX_BYTES, Entry, parse

SAMPLE = """\
# заметка для редактора
## Карты

### Как сменить ПИН-код? | Забыл ПИН | Новый код
Откройте приложение.
Там есть «Настройки».

Второй абзац.
# ещё заметка
- раз
- два

## Вклады
### Какая ставка?
Ставка 12%.
"""
ENTRIES = (
    Entry(
        "Карты",
        "Как сменить ПИН-код?",
        ("Забыл ПИН", "Новый код"),
        "Откройте приложение. Там есть «Настройки».\n\nВторой абзац.\n- раз\n- два",
        4,
    ),
    Entry("Вклады", "Какая ставка?", (), "Ставка 12%.", 14),
)


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (SAMPLE.encode(), "utf-8"),
        (SAMPLE.encode("utf-8-sig"), "utf-8"),
        (SAMPLE.encode("utf-16"), "utf-16"),
        (SAMPLE.encode("windows-1251"), "windows-1251"),
        (SAMPLE.replace("\n", "\r\n").encode(), "utf-8"),
        (SAMPLE.replace("\n", "\r").encode(), "utf-8"),
        (SAMPLE.replace(" ", "\t").encode(), "utf-8"),
        (SAMPLE.replace("\n", "  \n  ").encode(), "utf-8"),
        (SAMPLE.replace("## ", "##").encode(), "utf-8"),
    ],
)
def test_the_format_is_read_whatever_the_editor(raw: bytes, encoding: str) -> None:
    parsed = parse(raw)
    assert parsed.entries == ENTRIES
    assert parsed.encoding == encoding
    assert parsed.warnings == ()


def test_plain_text_is_read_as_titled_paragraphs() -> None:
    hours = "Отделение работает с девяти до восьми часов без перерыва на обед."
    text = f"{hours}\n\n\n## Вклады\nПервый\nабзац.\n\nВторой."
    assert parse(text.encode()).entries == (
        Entry(
            "",
            "Отделение работает с девяти до восьми часов без…",
            (),
            hours,
            1,
        ),
        Entry("Вклады", "Вклады", (), "Первый абзац.", 5),
        Entry("Вклады", "Вклады", (), "Второй.", 8),
    )


def test_what_is_read_around_is_named_with_its_line() -> None:
    text = "## S\nstray\n### A\n### B\nyes\n###\nlost\n### b?\nagain\n### |other\nfine"
    parsed = parse(text.encode())
    assert [entry.question for entry in parsed.entries] == ["B", "b?", "other"]
    assert [str(warning) for warning in parsed.warnings] == [
        "line 1: text that stands under no question is left out",
        "line 3: no answer to the question: A",
        "line 6: an answer without a question is left out",
        "line 8: the question of line 4 again: b?",
    ]


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"", KnowledgeEmptyError),
        (b"\xef\xbb\xbf \r\n\t", KnowledgeEmptyError),
        (b"# only a comment\n## and a section", KnowledgeEmptyError),
        (b"### a question without an answer", KnowledgeEmptyError),
        (b"%PDF-1.7\x00\x01", KnowledgeBinaryError),
        (b"text with \x07 a bell", KnowledgeBinaryError),
        (SAMPLE.encode("koi8-r", errors="ignore"), KnowledgeUndecodableError),
        (SAMPLE.encode("cp866", errors="ignore"), KnowledgeUndecodableError),
        (SAMPLE.encode()[:-60] + b"\xd0", KnowledgeUndecodableError),
        (b"\xff\xfe\x00\xd8", KnowledgeUndecodableError),
        (b"a" * (MAX_BYTES + 1), KnowledgeTooLargeError),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(raw: bytes, error: type[KnowledgeError]) -> None:
    with pytest.raises(error):
        parse(raw)


def test_a_broken_byte_is_named_with_its_line() -> None:
    with pytest.raises(KnowledgeUndecodableError, match="Line 3"):
        parse("### Вопрос\nОтвет\n".encode() + b"\xd0\x20" + "Ответ".encode())


@given(st.binary(max_size=400))
def test_any_bytes_give_entries_or_a_knowledge_error(raw: bytes) -> None:
    try:
        parsed = parse(raw)
    except KnowledgeError:
        return
    assert all(entry.question and entry.answer for entry in parsed.entries)


_LINE = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)


@given(st.lists(st.tuples(_LINE, st.lists(_LINE, max_size=2), _LINE), min_size=1, max_size=8))
def test_entries_survive_being_written_and_read(items: list[tuple[str, list[str], str]]) -> None:
    text = "\n\n".join(f"### {' | '.join([question, *others])}\n{answer}" for question, others, answer in items)
    read = [(e.question, list(e.alternatives), e.answer) for e in parse(text.encode()).entries]
    assert read == items
