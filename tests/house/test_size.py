"""Files stay small, functions smaller, and every module says in a sentence what lives there."""

import ast
import re
from collections.abc import Iterator

from tests.house.sources import ROOT, sources

FILE_LINES = 200
FUNCTION_LINES = 40

# path: (limit, reason). An entry that is no longer needed fails below.
LONGER_FILES: dict[str, tuple[int, str]] = {
    "tests/utils/masking_phrases.py": (260, "a table of phrases"),
}
# "path::function": (limit, reason)
LONGER_FUNCTIONS: dict[str, tuple[int, str]] = {}

_SENTENCE = re.compile(r"\S.{10,}[.!?:]$")


def file_sizes() -> dict[str, int]:
    return {path: len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in sources()}


def functions(path: str) -> Iterator[tuple[str, int]]:
    """Yield the name and the length in lines of each function, without its decorators."""
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            yield f"{path}::{node.name}", node.end_lineno - node.lineno + 1


def too_long(sizes: dict[str, int], usual: int, longer: dict[str, tuple[int, str]]) -> list[str]:
    return [
        f"{name} has {size} lines"
        for name, size in sizes.items()
        if size > (longer[name][0] if name in longer else usual)
    ]


def function_sizes() -> dict[str, int]:
    sizes: dict[str, int] = {}
    for path in sources():
        for name, size in functions(path):
            sizes[name] = max(size, sizes.get(name, 0))
    return sizes


def test_files_are_small() -> None:
    assert too_long(file_sizes(), FILE_LINES, LONGER_FILES) == []


def test_functions_are_small() -> None:
    assert too_long(function_sizes(), FUNCTION_LINES, LONGER_FUNCTIONS) == []


def test_exceptions_are_needed_and_reasoned() -> None:
    files, inner = file_sizes(), function_sizes()
    stale = [name for name in LONGER_FILES if files.get(name, 0) <= FILE_LINES]
    stale += [name for name in LONGER_FUNCTIONS if inner.get(name, 0) <= FUNCTION_LINES]
    assert stale == []
    assert all(reason for _, reason in (*LONGER_FILES.values(), *LONGER_FUNCTIONS.values()))


def test_every_module_opens_with_a_sentence() -> None:
    silent = []
    for path in sources():
        opening = ast.get_docstring(ast.parse((ROOT / path).read_text(encoding="utf-8"))) or ""
        if not _SENTENCE.match(opening.partition("\n\n")[0].replace("\n", " ")):
            silent.append(path)
    assert silent == []
