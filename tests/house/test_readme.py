"""Whatever the documents name is there: targets, commands, files, variables, ports, and the README in two languages."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from config import ROOT
from database.models import Mode
from handlers.routes import ROUTES
from manage import cli
from services.access import Role
from tests.deploy.test_compose import PUBLISHED
from tests.house.test_settings_documented import variables

READMES = ("README.md", "README.ru.md")
DOCUMENTS = (
    *READMES,
    "CONTRIBUTING.md",
    "deploy/kubernetes/README.md",
    *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")),
)
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#]+)\)")
A_PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)+/?|[\w.-]+/|[\w-]+(?:\.\w\w)?\.(?:py|txt|md|yml|toml)|\.\w+[\w.]*\.example")
MADE_LATER = ("data/", "logs/", "context.kk.txt", "rates.en.txt")
HTTP_PATHS = {"/health", "/ready", "/metrics", "/docs", "/console"}
EVERY = pytest.mark.parametrize("name", DOCUMENTS)
BOTH = pytest.mark.parametrize("name", READMES)


def text(name: str) -> str:
    return (ROOT / name).read_text()


def blocks(name: str) -> list[tuple[str, str]]:
    return BLOCK.findall(text(name))


def spans(name: str) -> list[str]:
    """Return what stands in a code face, but for whole blocks."""
    return SPAN.findall(BLOCK.sub("", text(name)))


def code(name: str) -> Iterator[str]:
    """Yield every line of code and every span of it."""
    for language, block in blocks(name):
        if language == "sh":
            yield from block.splitlines()
    yield from spans(name)


def is_there(path: str, beside: Path) -> bool:
    return bool(list(ROOT.glob(path)) or (beside / path).exists() or list(ROOT.glob(f"*/{path}")))


@EVERY
def test_links_lead_somewhere(name: str) -> None:
    folder = (ROOT / name).parent
    targets = [link for link in LINK.findall(text(name)) if "://" not in link]
    assert [link for link in targets if not (folder / link).exists()] == []


@EVERY
def test_files_that_are_named_are_there(name: str) -> None:
    paths = [span for span in spans(name) if A_PATH.fullmatch(span) and not span.startswith(MADE_LATER)]
    assert [path for path in paths if not is_there(path, (ROOT / name).parent)] == []


@EVERY
def test_targets_of_make_are_there(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    named = {found for line in code(name) for found in re.findall(r"(?<!links )\bmake ([a-z]+)", line)}
    assert named <= targets


@EVERY
def test_commands_of_manage_are_there(name: str) -> None:
    for line in code(name):
        for given, left_open in re.findall(r"manage\.py ([a-z][a-z -]*)(…?)", line):
            command: click.Command = cli
            words = given.split()
            while isinstance(command, click.Group) and words:
                word = words.pop(0)
                assert word in command.commands, given
                command = command.commands[word]
            assert left_open or not isinstance(command, click.Group), given


@EVERY
def test_variables_are_read_by_something(name: str) -> None:
    sources = [ROOT / "Makefile", ROOT / "services" / "queue_service.py"]
    sources += [path for folder in ("deploy", "sandbox") for path in (ROOT / folder).rglob("*.py")]
    elsewhere = "\n".join(path.read_text() for path in sources)
    named = {found for line in code(name) for found in re.findall(r"(?<![/\w])[A-Z]+(?:_[A-Z]+)+\b(?!/)", line)}
    known = variables() | {f"{variable}_FILE" for variable in variables()}
    assert [variable for variable in named - known if variable not in elsewhere] == []


@BOTH
def test_acts_of_people_are_routes_and_all_are_told(name: str) -> None:
    commands = {route.key for route in ROUTES if re.fullmatch(r"/[a-z]+", route.key)}
    named = {found for span in spans(name) if (found := span.split()[0]).startswith("/") and found.count("/") == 1}
    assert named - HTTP_PATHS == commands
    assert {mode.value for mode in Mode} <= set(spans(name))


@BOTH
def test_roles_and_published_ports_are_told(name: str) -> None:
    roles = {role.value for role in Role} - {"customer"}
    assert all(re.search(rf"\b{role}\b", text(name)) for role in roles)
    ports = {port.split(":")[1] for published in PUBLISHED.values() for port in published}
    assert all(f"| {port} |" in text(name) for port in ports)


@BOTH
def test_the_way_to_start_is_told(name: str) -> None:
    lines = list(code(name))
    for command in (
        "make demo",
        "make test",
        "make run",
        "python bot.py",
        "python api.py",
        "alembic upgrade head",
        "celery -A services.queue_service worker --loglevel=info",
    ):
        assert command in lines


def test_both_languages_say_the_same() -> None:
    english, russian = READMES
    assert blocks(english) == blocks(russian)
    headings = [re.findall(r"^(#+) ", BLOCK.sub("", text(name)), re.MULTILINE) for name in READMES]
    assert headings[0] == headings[1]
    rows = [len(re.findall(r"^\|", text(name), re.MULTILINE)) for name in READMES]
    assert rows[0] == rows[1]
    assert set(LINK.findall(text(english))) ^ set(LINK.findall(text(russian))) == {"README.ru.md", "README.md"}


def test_decisions_are_listed_and_dated() -> None:
    folder = ROOT / "docs" / "decisions"
    pages = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert re.findall(r"^\| \[\d{4}\]\((.+?)\)", (folder / "README.md").read_text(), re.MULTILINE) == pages
    for page in pages:
        said = (folder / page).read_text()
        assert said.startswith(f"# {page[:4]} ")
        assert re.search(r"^\d{4}-\d\d-\d\d$", said, re.MULTILINE)
        headings = re.findall(r"^## (.+)$", said, re.MULTILINE)
        assert [heading for heading in headings if heading in {"Context", "Decision", "Consequences"}] == [
            "Context",
            "Decision",
            "Consequences",
        ]
