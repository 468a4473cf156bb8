"""CSV of questions and answers, with commas, semicolons or tabs between its columns."""

import csv
from collections.abc import Mapping
from io import StringIO

from services.knowledge.decoding import decode
from services.knowledge.errors import KnowledgeColumnsError, KnowledgeUnreadableError
from services.knowledge.parse import Entry, Parsed
from services.knowledge.remarks import Noticed, Remark

_DELIMITERS = ",;\t"
_COLUMNS: Mapping[str, frozenset[str]] = {
    "question": frozenset({"question", "вопрос", "сұрақ", "savol"}),
    "answer": frozenset({"answer", "ответ", "жауап", "javob"}),
    "section": frozenset({"section", "category", "раздел", "категория", "бөлім", "bo'lim"}),
}


def read(content: bytes) -> Parsed:
    """Read a table whose first row names its columns; a question's other phrasings follow it after `|`.

    Raises KnowledgeError when there are no columns of questions and answers.
    """
    text, encoding = decode(content)
    head = text.lstrip("\n\r").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    entries: list[Entry] = []
    warnings: list[Remark] = []
    try:
        names = next((row for row in rows if any(row)), [])
        columns = _columns(names)
        for row in rows:
            cells = {name: row[place].strip() if place < len(row) else "" for name, place in columns.items()}
            if any(cell.strip() for cell in row[len(names) :]):
                warnings.append(Remark(rows.line_num, Noticed.MORE_CELLS, delimiter))
            if any(cells.values()):
                _take(cells, rows.line_num, entries, warnings)
    except csv.Error as error:
        raise KnowledgeUnreadableError(f"Line {rows.line_num} is no row of a table: {error}.") from error
    return Parsed(tuple(entries), tuple(warnings), encoding)


def _columns(names: list[str]) -> dict[str, int]:
    found = {
        column: place for place, name in enumerate(names) for column, known in _COLUMNS.items() if _plain(name) in known
    }
    if not {"question", "answer"} <= found.keys():
        raise KnowledgeColumnsError("The first row of the table has to name the columns: question, answer.")
    return found


def _take(cells: Mapping[str, str], line: int, entries: list[Entry], warnings: list[Remark]) -> None:
    phrasings = [part for part in (piece.strip() for piece in cells["question"].split("|")) if part]
    if not phrasings:
        warnings.append(Remark(line, Noticed.NO_QUESTION))
    elif not cells["answer"]:
        warnings.append(Remark(line, Noticed.NO_ANSWER, phrasings[0]))
    else:
        section = cells.get("section", "")
        entries.append(Entry(section, phrasings[0], tuple(phrasings[1:]), cells["answer"], line))


def _plain(name: str) -> str:
    return name.strip().strip("\ufeff").lower()
