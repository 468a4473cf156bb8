"""Markdown, HTML and tables become entries with sections, questions and answers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.knowledge.errors import (
    KnowledgeBinaryError,
    KnowledgeColumnsError,
    KnowledgeEmptyError,
    KnowledgeError,
    KnowledgeTooLargeError,
    KnowledgeUnreadableError,
)
from services.knowledge.formats import read
from services.knowledge.formats.blocks import LONGEST
from services.knowledge.formats.readers import Format, format_of, read_as
from services.knowledge.parse import MAX_BYTES, Entry

MARKDOWN = """\
# Карты

Общие слова о **картах**.

## Как сменить [ПИН](https://bank.example)? | Новый код
Откройте *приложение*,
нажмите `ПИН`.

- раз
- два

| Тариф | Цена |
|---|---|
| Маяк | 99 ₽ |
"""
PAGE = """\
<!doctype html><html><head><title>Справка</title><style>p {color: red}</style></head><body>
<nav><a href="/">Главная</a></nav><script>alert(1)</script>
<h2>Вклады</h2><p>Ставка&nbsp;&mdash; 12&thinsp;%.<br>Срок: год.</p>
<dl><dt>Можно ли снять раньше?</dt><dd>Да, <b>без</b> потерь.</dd></dl>
<table><tr><th>Срок</th><th>Ставка</th></tr><tr><td>год</td><td>12 %</td></tr></table>
<footer>© Банк</footer>
"""


def test_markdown_is_read_without_its_marks() -> None:
    first, second = read("cards.md", MARKDOWN.encode()).entries
    assert first == Entry("", "Карты", (), "Общие слова о картах.", 3)
    assert (second.section, second.question, second.alternatives) == ("Карты", "Как сменить ПИН?", ("Новый код",))
    assert second.answer == "Откройте приложение, нажмите ПИН.\n- раз\n- два\n\nТариф — Цена\n\nМаяк — 99 ₽"


def test_a_page_is_read_without_menu_script_and_footer() -> None:
    first, second = read("page.html", PAGE.encode()).entries
    assert first == Entry("Справка", "Вклады", (), "Ставка — 12 %.\n\nСрок: год.", first.line)
    assert second.section == "Справка › Вклады"
    assert second.question == "Можно ли снять раньше?"
    assert second.answer.startswith("Да, без потерь.")
    assert "год — 12 %" in second.answer
    assert not any(word in str((first, second)) for word in ("alert", "color", "Главная", "©"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_whatever_parts_its_columns(delimiter: str) -> None:
    rows = (("Вопрос", "Ответ", "Раздел"), ("Ставка? | Процент", '"12,5; и всё"', "Вклады"), ("Пусто?", "", ""))
    content = "\n".join(delimiter.join(row) for row in rows)
    parsed = read("faq.csv", content.encode("utf-8-sig"))
    assert parsed.entries == (Entry("Вклады", "Ставка?", ("Процент",), "12,5; и всё", 2),)
    assert [str(warning) for warning in parsed.warnings] == ["line 3: no answer to the question: Пусто?"]


def test_an_answer_that_a_delimiter_cuts_is_named() -> None:
    parsed = read("faq.csv", b"\n,\nquestion,answer\nIs it free?,Yes, it is.\nTwice?,No,\n")
    assert [entry.answer for entry in parsed.entries] == ["Yes", "No"]
    assert [str(warning) for warning in parsed.warnings] == [
        "line 4: what stands behind the last column is left out; a cell with , needs quotes"
    ]


def test_a_page_within_a_form_is_read_without_what_is_filled_in() -> None:
    page = "<form><label>Find</label><select><option>Cards</select><h2>Fee?</h2><p>None.</p><button>Go</button></form>"
    [entry] = read("page.html", page.encode()).entries
    assert (entry.question, entry.answer) == ("Fee?", "None.")


def test_the_core_format_is_still_that_of_text_files() -> None:
    [entry] = read("context.txt", b"# note\n## Cards\n### Fee?\nFree.\n").entries
    assert entry == Entry("Cards", "Fee?", (), "Free.", 3)


def test_long_text_is_parted_between_sentences() -> None:
    sentence = "Одно предложение о тарифах банка. "
    entries = read("long.md", f"# Тарифы\n\n{sentence * 100}".encode()).entries
    assert len(entries) > 1
    assert all(len(entry.answer) <= LONGEST and entry.answer.endswith(".") for entry in entries)
    assert " ".join(entry.answer for entry in entries) == (sentence * 100).strip()


@pytest.mark.parametrize(
    ("name", "head"), [("rates.txt", ""), ("rates.txt", "### Тарифы\n"), ("rates.csv", "question,answer\nТарифы,")]
)
def test_long_text_is_parted_whatever_the_format(name: str, head: str) -> None:
    sentence = "Одно предложение о тарифах банка. "
    entries = read(name, f"{head}{sentence * 100}\n".encode()).entries
    assert len({entry.question for entry in entries}) == 1
    assert all(len(entry.answer) <= LONGEST and entry.answer.endswith(".") for entry in entries)
    assert " ".join(entry.answer for entry in entries) == (sentence * 100).strip()


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("empty.md", b"", KnowledgeEmptyError),
        ("blank.html", b" \n\t ", KnowledgeEmptyError),
        ("only.html", b"<html><script>1</script></html>", KnowledgeEmptyError),
        ("hashes.md", b"# \n\n", KnowledgeEmptyError),
        ("emoji.txt", "😀😀".encode(), KnowledgeEmptyError),
        ("emoji.md", "# 😀\n\n🙈".encode(), KnowledgeEmptyError),
        ("big.md", b"x" * (MAX_BYTES + 1), KnowledgeTooLargeError),
        ("picture.png", b"\x89PNG\r\n", KnowledgeBinaryError),
        ("picture.md", b"\x89PNG\r\n\x00\x00", KnowledgeBinaryError),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), KnowledgeBinaryError),
        ("archive.zip", b"PK\x03\x04" + bytes(100), KnowledgeBinaryError),
        ("not.pdf", b"hello", KnowledgeBinaryError),
        ("columns.csv", b"a,b\n1,2\n", KnowledgeColumnsError),
        ("quote.csv", b'question,answer\n"never closed,1\n', KnowledgeUnreadableError),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_reason(name: str, content: bytes, error: type[KnowledgeError]) -> None:
    with pytest.raises(error, match=r"\w+ .*[.]$"):
        read(name, content)


@settings(deadline=None)
@given(content=st.binary(max_size=300), ending=st.sampled_from(["txt", "md", "html", "csv"]))
def test_any_bytes_are_read_or_refused(content: bytes, ending: str) -> None:
    try:
        parsed = read_as(format_of(f"any.{ending}", content), content)
    except KnowledgeError:
        return
    assert all(entry.question and entry.answer for entry in parsed.entries)


@settings(deadline=None)
@given(text=st.text(max_size=300), ending=st.sampled_from(["txt", "md", "html"]))
def test_entries_are_never_too_long(text: str, ending: str) -> None:
    try:
        parsed = read_as(Format(ending), (text * 20).encode())
    except (KnowledgeError, UnicodeEncodeError):
        return
    assert all(len(entry.answer) <= LONGEST for entry in parsed.entries)
