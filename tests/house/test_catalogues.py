"""The catalogues hold exactly the texts that the code says, alike in every language, as Telegram can show them."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from config import ROOT
from sandbox.telegram.html import parse_html
from services.desk.queueing import Reason
from services.privacy_rights.showing import TERMS
from services.wiring import LOCALES
from tests.house.families import families

DEFAULT = "ru"
LANGUAGES = sorted(path.parts[-3] for path in LOCALES.glob("*/LC_MESSAGES/bot.po"))
LONGEST = 3500  # characters; Telegram takes 4096, and parameters need room
LONGEST_IN_MENU = 60  # characters that a phone shows of a command's description
SPEAKING = {"say": 0, "button": 0, "text": 1, "plural": 1}  # methods and where the key stands after a language
PARTS = ("services", "handlers", "middlewares", "tasks")
# These know Cyrillic letters, and say nothing.
ALPHABETS = [ROOT / "services" / room for room in ("knowledge", "triggers", "privacy")]
TASK_NAMES = {"broadcast.feed"}  # look like keys
INSIDE_OTHERS = {  # parameters of other texts, where their own mark-up would be shown as typed
    "handover.operator",
    "handover.customer",
    *(f"desk.reason.{reason}" for reason in Reason),
    "privacy.consent",
    "privacy.consent_withdrawn",
    "privacy.no_consent",
    "privacy.no_phone",
    "privacy.term_all",
    "privacy.term_rest",
    *(f"privacy.term.{kind}" for kind in TERMS),
}
KEY = re.compile(r"[a-z]+(?:\.[a-z_]+)+")
FAMILY = re.compile(r"[a-z]+\.(?:[a-z_]+\.)*")
CYRILLIC = re.compile(r"[\u0400-\u04ff]")

every_language = pytest.mark.parametrize("language", LANGUAGES)


@cache
def catalogue(language: str) -> Catalog:
    with (LOCALES / language / "LC_MESSAGES" / "bot.po").open("rb") as file:
        return read_po(file, abort_invalid=True)


def forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str | None) else tuple(text)


@cache
def texts(language: str) -> Mapping[str, tuple[str, ...]]:
    """Return the texts of a language: by key, one string each, or one for each plural form."""
    messages = [message for message in catalogue(language) if message.id]
    assert not [message.id for message in messages if message.fuzzy]
    return {forms(message.id)[0]: forms(message.string) for message in messages}


@cache
def trees() -> Mapping[Path, ast.Module]:
    """Return the code that speaks to people, parsed."""
    files = [*ROOT.glob("*.py"), *(path for part in PARTS for path in (ROOT / part).rglob("*.py"))]
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(files)}


def nodes() -> Iterator[ast.AST]:
    return (node for tree in trees().values() for node in ast.walk(tree))


@cache
def known_families() -> Mapping[str, frozenset[str]]:
    return families(nodes())


def keys_in(root: ast.AST) -> set[str]:
    """Return every key that stands anywhere in a piece of code, families written out."""
    found: set[str] = set()
    for node in ast.walk(root):
        match node:
            case ast.Constant(value=str(key)) if KEY.fullmatch(key) and key not in TASK_NAMES:
                found.add(key)
            case ast.JoinedStr(values=[ast.Constant(value=str(family)), _]) if FAMILY.fullmatch(family):
                assert family in known_families(), f"say in families.py what may follow {family}"
                found |= known_families()[family]
    return found


def calls() -> Iterator[tuple[ast.Call, str, set[str]]]:
    """Return every call that looks up a text, with the method's name and the keys it may be given."""
    for node in nodes():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SPEAKING:
            at = min(SPEAKING[node.func.attr], len(node.args) - 1)
            if at >= 0 and (keys := keys_in(node.args[at])):
                yield node, node.func.attr, keys


def every_form(language: str) -> Iterator[tuple[str, str]]:
    return ((key, form) for key, written in texts(language).items() for form in written)


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def filled(text: str) -> str:
    return text.format_map(dict.fromkeys(names_in(text), "x"))


def test_there_are_the_languages_that_were_promised() -> None:
    assert {"ru", "en", "kk", "uz"} <= set(LANGUAGES)


@every_language
def test_every_language_has_the_same_keys(language: str) -> None:
    assert set(texts(language)) == set(texts(DEFAULT))


@every_language
def test_every_language_has_the_same_placeholders(language: str) -> None:
    for key, form in every_form(language):
        assert names_in(form) == names_in(texts(DEFAULT)[key][0]), (key, form)


@every_language
def test_every_form_is_filled(language: str) -> None:
    needed = catalogue(language).num_plurals
    for key, written in texts(language).items():
        assert len(written) == (needed if len(texts(DEFAULT)[key]) > 1 else 1), key
        assert all(form.strip() for form in written), key


@every_language
def test_telegram_can_show_every_text(language: str) -> None:
    for key, form in every_form(language):
        assert parse_html(filled(form)).text.strip(), key  # raises for mark-up that Telegram refuses
        assert len(form) <= LONGEST, key


@every_language
def test_labels_and_parameters_have_no_mark_up(language: str) -> None:
    plain = keys_of_labels_and_parameters() | INSIDE_OTHERS | known_families()["menu."]
    for key, form in every_form(language):
        assert key not in plain or not set(form) & set("<>&\n"), key
        assert key not in known_families()["menu."] or len(form) <= LONGEST_IN_MENU, key


def keys_of_labels_and_parameters() -> set[str]:
    found: set[str] = set()
    for node in nodes():
        if isinstance(node, ast.Call):
            found |= {k for word in node.keywords if word.arg not in {"html", "buttons"} for k in keys_in(word.value)}
    return found.union(*(keys for _, method, keys in calls() if method == "button")) & set(texts(DEFAULT))


def test_every_key_in_the_code_has_a_text() -> None:
    sections = {key.partition(".")[0] for key in texts(DEFAULT)}
    said = set[str]().union(*(keys for _, _, keys in calls()))
    named = {key for tree in trees().values() for key in keys_in(tree) if key.partition(".")[0] in sections}
    assert said | named <= set(texts(DEFAULT)), sorted((said | named) - set(texts(DEFAULT)))


def test_every_text_is_said_somewhere() -> None:
    assert set(texts(DEFAULT)) <= {key for tree in trees().values() for key in keys_in(tree)}


def test_every_call_gives_what_its_text_needs() -> None:
    for call, method, keys in calls():
        given = {word.arg for word in call.keywords}
        for key in keys:
            written = texts(DEFAULT)[key]
            assert (len(written) > 1) == (method == "plural"), key
            if None not in given:  # a ** hides the names
                assert names_in(written[0]) <= given | ({"n"} if method == "plural" else set()), key


def test_the_code_itself_says_nothing() -> None:
    for path, tree in trees().items():
        if not any(path.is_relative_to(room) for room in ALPHABETS):
            said = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
            assert not [words for words in said if isinstance(words, str) and CYRILLIC.search(words)], path
