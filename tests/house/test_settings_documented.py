"""Every setting stands in `.env.example` with a comment and its true default, and errors name their variable."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import AliasChoices
from pydantic.fields import FieldInfo

from config import ROOT, Group, Settings, load_settings
from utils.settings import SettingsError

EXAMPLE = (ROOT / ".env.example").read_text()
ENTRY = re.compile(r"(#?)([A-Z][A-Z0-9_]*)=(.*)")
SECRETS = ("BOT_TOKEN", "ENCRYPTION_KEY", "BLIND_INDEX_KEY")
FILLED = {"BOT_TOKEN": "123456:" + "A" * 35, "ENCRYPTION_KEY": "k" * 43, "BLIND_INDEX_KEY": "i" * 43}


def entries() -> Iterator[tuple[str, bool, str]]:
    """Yield each variable of the example, whether it is set there, and its value."""
    for line in EXAMPLE.splitlines():
        if found := ENTRY.fullmatch(line):
            yield found[2], not found[1], found[3]


def fields() -> Iterator[tuple[FieldInfo, list[str]]]:
    """Yield each setting and the variables that it is read from."""
    for kind in Settings.__annotations__.values():
        if isinstance(kind, type) and issubclass(kind, Group):
            for field in kind.model_fields.values():
                assert isinstance(field.validation_alias, AliasChoices)
                yield field, [str(name) for name in field.validation_alias.choices]


def variables() -> set[str]:
    """Return all variables that are read: the fields' own, and those that others are put together from."""
    read = {
        call.args[0].value
        for file in (ROOT / "config.py", *(ROOT / "settings").glob("*.py"))
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "get"
        and isinstance(call.args[0], ast.Constant)
    }
    return {name for _, names in fields() for name in names} | {str(name) for name in read}


def plain(settings: Settings) -> Mapping[str, Any]:
    """Return all settings, with paths as the project's folder sees them."""
    groups = {name: vars(settings)[name] for name in Settings.__annotations__ if name != "demo"}
    return {
        f"{group}.{name}": ROOT / value if isinstance(value, Path) else value
        for group, values in groups.items()
        for name, value in values
    }


def complaints(environment: Mapping[str, str]) -> str:
    with pytest.raises(SettingsError) as raised:
        load_settings(environment)
    return str(raised.value)


def test_the_example_holds_every_variable_once_and_no_other() -> None:
    named = [name for name, _, _ in entries()]
    assert sorted(named) == sorted(variables())


@pytest.mark.parametrize("name", sorted(variables()))
def test_each_variable_has_a_comment_above_it(name: str) -> None:
    [paragraph] = [part for part in EXAMPLE.split("\n\n") if re.search(rf"^#?{name}=", part, re.MULTILINE)]
    first = paragraph.splitlines()[0]
    assert first.startswith("# ")
    assert not first.startswith("# -")


def test_only_what_is_needed_is_set_in_the_example() -> None:
    assert tuple(name for name, is_set, _ in entries() if is_set) == SECRETS


SHOWN = [(name, value) for name, is_set, value in entries() if value and not is_set]


@pytest.mark.parametrize(("name", "value"), SHOWN)
def test_the_value_shown_is_the_default(name: str, value: str) -> None:
    given = FILLED | {"DB_HOST": "host"}
    assert plain(load_settings(given | {name: value})) == plain(load_settings(given))


@pytest.mark.parametrize("secret", SECRETS)
def test_the_placeholders_are_refused(secret: str) -> None:
    shown = {name: value for name, is_set, value in entries() if is_set}
    assert f"{secret}: still a placeholder" in complaints(FILLED | {secret: shown[secret]})


def test_all_that_is_missing_is_named_at_once_with_a_way_on() -> None:
    text = complaints({})
    assert all(f"{secret}: missing" in text for secret in SECRETS)
    assert ".env.example" in text
    assert "make demo" in text


CHECKED = [names for field, names in fields() if field.annotation in (int, float, bool) or field.metadata]


@pytest.mark.parametrize("name", [name for names in CHECKED for name in names])
def test_a_wrong_value_is_named_and_not_shown(name: str) -> None:
    text = complaints(FILLED | {name: "nonsense"})
    assert f"- {name}: " in text
    assert "nonsense" not in text


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"BOT_TOKEN": "no-token-at-all"}, "BOT_TOKEN"),
        ({"DATABASE_URL": "no-address"}, "DATABASE_URL"),
        ({"INGEST": "webhook"}, "WEBHOOK_URL"),
        ({"INGEST": "webhook", "WEBHOOK_URL": "https://bank.example/x"}, "WEBHOOK_SECRET"),
        ({"DATABASE_URL_FILE": "/nowhere/at/all"}, "DATABASE_URL_FILE"),
    ],
)
def test_what_does_not_go_together_is_named(given: dict[str, str], named: str) -> None:
    assert named in complaints(FILLED | given)


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("654321:" + "B" * 35 + "\n")
    others = {name: value for name, value in FILLED.items() if name != "BOT_TOKEN"}
    assert load_settings(others | {"BOT_TOKEN_FILE": str(file)}).telegram.bot_id == 654321
    assert load_settings(FILLED | {"BOT_TOKEN_FILE": str(file)}).telegram.bot_id == 123456
