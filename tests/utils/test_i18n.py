"""Texts are found by key and language, filled safely, and take the language's plural forms."""

from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.i18n import CatalogueError, Catalogues, Html, ParameterError, UnknownTextError

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
RU = (
    HEADER
    + r"""
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 :"
" n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\n"

msgid "start.hello"
msgstr "Здравствуйте, {name}!"

msgid "start.only_russian"
msgstr "Только по-русски"

msgid "start.braces"
msgstr "{{так}} & <b>так</b>"

msgid "limits.wait"
msgid_plural "limits.wait"
msgstr[0] "{n} минута"
msgstr[1] "{n} минуты"
msgstr[2] "{n} минут"
"""
)
EN = (
    HEADER
    + r"""
msgid "start.hello"
msgstr "Hello, {name}!"

msgid "start.only_russian"
msgstr ""

msgid "limits.wait"
msgid_plural "limits.wait"
msgstr[0] "{n} minute"
msgstr[1] "{n} minutes"
"""
)


def write(folder: Path, **catalogues: str) -> Path:
    for language, text in catalogues.items():
        path = folder / language / "LC_MESSAGES" / "bot.po"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Catalogues:
    return Catalogues.load(write(tmp_path_factory.mktemp("locales"), ru=RU, en=EN, kk=HEADER, pt_BR=HEADER))


def test_a_text_is_filled_in_its_language(texts: Catalogues) -> None:
    assert texts.text("ru", "start.hello", name="Анна") == "Здравствуйте, Анна!"
    assert texts.text("en", "start.hello", name="Anna") == "Hello, Anna!"
    assert texts.languages == ("en", "kk", "pt_BR", "ru")


@pytest.mark.parametrize("language", ["en", "kk", "xx", "ru"])
def test_the_default_language_stands_in(texts: Catalogues, language: str) -> None:
    assert texts.text(language, "start.only_russian") == "Только по-русски"
    assert texts.plural("kk", "limits.wait", 3) == "3 минуты"


def test_a_key_that_no_language_has_is_an_error(texts: Catalogues) -> None:
    with pytest.raises(UnknownTextError, match=r"start\.nothing"):
        texts.text("en", "start.nothing")
    with pytest.raises(UnknownTextError, match=r"start\.nothing"):
        texts.plural("ru", "start.nothing", 1)


def test_a_parameter_not_given_is_an_error(texts: Catalogues) -> None:
    with pytest.raises(ParameterError, match=r"start\.hello.*name"):
        texts.text("ru", "start.hello")


@pytest.mark.parametrize(
    ("n", "ru", "en"),
    [
        (0, "минут", "minutes"),
        (1, "минута", "minute"),
        (2, "минуты", "minutes"),
        (5, "минут", "minutes"),
        (11, "минут", "minutes"),
        (21, "минута", "minutes"),
        (112, "минут", "minutes"),
        (122, "минуты", "minutes"),
    ],
)
def test_plural_forms(texts: Catalogues, n: int, ru: str, en: str) -> None:
    assert texts.plural("ru", "limits.wait", n) == f"{n} {ru}"
    assert texts.plural("en", "limits.wait", n) == f"{n} {en}"


def test_parameters_are_escaped_and_the_text_is_not(texts: Catalogues) -> None:
    assert texts.text("en", "start.hello", name='<b>"A"&B') == "Hello, &lt;b&gt;&quot;A&quot;&amp;B!"
    assert texts.text("en", "start.hello", name=Html("<b>A</b>")) == "Hello, <b>A</b>!"
    assert texts.text("en", "start.braces") == "{так} & <b>так</b>"


@given(st.text())
def test_no_parameter_can_bring_markup_or_be_filled_itself(texts: Catalogues, name: str) -> None:
    text = texts.text("en", "start.hello", name=name)
    assert "<" not in text
    assert unescape(text) == f"Hello, {name}!"


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("EN_us", "en"),
        ("ru-RU", "ru"),
        ("pt-br", "pt_BR"),
        ("pt", "ru"),
        ("kk-Cyrl-KZ", "kk"),
        ("de", "ru"),
        ("", "ru"),
        (None, "ru"),
    ],
)
def test_a_language_is_picked(texts: Catalogues, code: str | None, language: str) -> None:
    assert texts.pick(code) == language


def entry(text: str) -> str:
    return f'{HEADER}\nmsgid "a.key"\nmsgstr "{text}"\n'


@pytest.mark.parametrize("text", ["{}", "{0}", "{name.attr}", "{name[0]}", "{name!r}", "{name:>9}", "{name", "}"])
def test_only_named_placeholders_are_let_in(tmp_path: Path, text: str) -> None:
    with pytest.raises(CatalogueError, match=r"a\.key"):
        Catalogues.load(write(tmp_path, ru=entry(text)))


def test_a_translation_may_not_ask_for_more_than_the_default(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"en/bot\.po.*nome"):
        Catalogues.load(write(tmp_path, ru=entry("{name}"), en=entry("{nome}")))


def test_the_default_language_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="ru"):
        Catalogues.load(write(tmp_path, en=EN))
    assert Catalogues.load(tmp_path, default="en").pick("fr") == "en"


def test_a_broken_catalogue_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"bot\.po"):
        Catalogues.load(write(tmp_path, ru=HEADER + "\nnonsense\n"))


def test_an_unknown_language_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="klingon"):
        Catalogues.load(write(tmp_path, ru=RU, klingon=EN))
