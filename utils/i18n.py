"""Texts in several languages from gettext catalogues (.po), looked up by symbolic keys.

Errors::

    TextError
    ├── CatalogueError     a catalogue cannot be read, or breaks a rule of placeholders
    ├── UnknownTextError   no language has the key
    └── ParameterError     a text needs a parameter that was not given
"""

import gettext
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Self

from babel.dates import format_datetime
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po


class TextError(Exception):
    """Anything that goes wrong with texts."""


class CatalogueError(TextError):
    """A catalogue is missing, cannot be read, or has a placeholder that it may not have."""


class UnknownTextError(TextError):
    """No language has a text for the key."""


class ParameterError(TextError):
    """A text names a parameter that was not given."""


class Html(str):
    """A parameter that is HTML already and is put in as it is."""

    __slots__ = ()


class Catalogues:
    """The texts of every language, the default one standing in where another has none."""

    def __init__(self, translations: Mapping[str, gettext.GNUTranslations], default: str) -> None:
        self._translations = translations
        self.default = default

    @classmethod
    def load(cls, folder: Path, domain: str = "bot", default: str = "ru") -> Self:
        """Read `<folder>/<language>/LC_MESSAGES/<domain>.po` of every language there is.

        A plural text has its key as `msgid` and as `msgid_plural`. Raises CatalogueError.
        """
        catalogues = {path.parts[-3]: _read(path) for path in sorted(folder.glob(f"*/LC_MESSAGES/{domain}.po"))}
        if default not in catalogues:
            raise CatalogueError(f"{folder} has no catalogue {domain}.po for the default language {default}")
        for language, catalogue in catalogues.items():
            _check(catalogue, catalogues[default], f"{language}/{domain}.po")
        translations = {language: _compiled(catalogue) for language, catalogue in catalogues.items()}
        for language, translation in translations.items():
            if language != default:
                translation.add_fallback(translations[default])
        return cls(translations, default)

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes of the languages, sorted."""
        return tuple(sorted(self._translations))

    def text(self, lang: str, key: str, **params: object) -> str:
        """Text of `key` with its named placeholders filled; parameters are escaped unless they are `Html`.

        An unknown language reads as the default. Raises UnknownTextError or ParameterError.
        """
        return fill(key, self.template(lang, key), params)

    def plural(self, lang: str, key: str, n: int, **params: object) -> str:
        """Text of `key` in the form that the language has for `n`, which is a parameter too."""
        text = self._of(lang).ngettext(key, key, n)
        if text == key:
            raise UnknownTextError(key)
        return fill(key, text, {"n": n, **params})

    def template(self, lang: str, key: str) -> str:
        """Text of `key` with its placeholders as they are; raises UnknownTextError."""
        text = self._of(lang).gettext(key)
        if text == key:  # gettext's way to say that it found nothing
            raise UnknownTextError(key)
        return text

    def pick(self, language_code: str | None) -> str:
        """Language for a code like `en-GB` (IETF BCP 47), the default when there is none."""
        code = (language_code or "").lower().replace("_", "-")
        known = {language.lower().replace("_", "-"): language for language in self._translations}
        while code and code not in known:
            code = code.rpartition("-")[0]
        return known.get(code, self.default)

    def _of(self, lang: str) -> gettext.GNUTranslations:
        return self._translations.get(lang) or self._translations[self.default]


def placeholders(text: str) -> frozenset[str]:
    """Return the names of a text's placeholders; raises ValueError for anything else in braces."""
    names: set[str] = set()
    for _, name, spec, conversion in Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            raise ValueError(f"only plain names may stand in braces, not {name or 'nothing'}")
        names.add(name)
    return frozenset(names)


def moment_text(lang: str, moment: datetime) -> str:
    """Return a moment as people of a language write it: day of the week, date, time and zone."""
    return str(format_datetime(moment, "EEEE, d MMMM, HH:mm (ZZZZ)", locale=lang))


def fill(key: str, text: str, params: Mapping[str, object]) -> str:
    """Return the text of a key with its placeholders filled; raises ParameterError."""
    try:
        return text.format_map({name: _escaped(value) for name, value in params.items()})
    except KeyError as error:
        raise ParameterError(f"{key} needs {error}") from None


def _escaped(value: object) -> str:
    return value if isinstance(value, Html) else escape(str(value))


def _read(path: Path) -> Catalog:
    try:
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parts[-3], abort_invalid=True)
    except (OSError, ValueError, PoFileError) as error:
        raise CatalogueError(f"{path}: {error}") from error
    if catalogue.locale is None:
        raise CatalogueError(f"{path}: {path.parts[-3]} is not a language")
    return catalogue


def _compiled(catalogue: Catalog) -> gettext.GNUTranslations:
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _check(catalogue: Catalog, default: Catalog, where: str) -> None:
    """Refuse placeholders that nobody would fill: positions, expressions, names that the default has not."""
    for message in catalogue:
        key = _forms(message.id)[0]
        original = default.get(key)
        try:
            names = _placeholders(message)
            allowed = _placeholders(original) | {"n"} if original and any(_forms(original.string)) else names
        except ValueError as error:
            raise CatalogueError(f"{where}, {key}: {error}") from None
        if names - allowed:
            raise CatalogueError(f"{where}, {key}: unknown placeholders {', '.join(sorted(names - allowed))}")


def _placeholders(message: Message) -> set[str]:
    texts = filter(None, _forms(message.string) if message.id else ())
    return set[str]().union(*map(placeholders, texts))


def _forms(text: str | Sequence[str] | None) -> Sequence[str]:
    return [text or ""] if text is None or isinstance(text, str) else text
