"""What is wrong with a value that somebody typed, by the rules of the settings themselves."""

import re

from services.running.defaults import Bounds, Defaults
from services.running.errors import WrongValue
from services.running.fields import Field, Kind
from utils.i18n import placeholders
from utils.markup import is_well_formed

LONGEST_TEXT = 3000  # characters; Telegram takes 4096, and what is put in needs room
_LONGEST = 500  # characters of any other value
_LONGEST_PART = 50  # bytes of a part of a list: some stand in the data of a button, which has 64
SAID_OF_VALUES = frozenset(Kind) - {Kind.TEXT} | {
    *("too_long", "braces", "placeholder", "placeholder_missing", "markup", "empty"),
}
_MARK_UP = re.compile(r"<[^>]*>")
_ENDLESS = "∞"


def checked_value(defaults: Defaults, field: Field, typed: str) -> str:
    """Return a value as it is kept; raises WrongValue named after the setting's kind."""
    value = " ".join(typed.split())
    if field.kind == Kind.NUMBER:
        value = value.replace(",", ".")
    if len(value) > _LONGEST:
        raise WrongValue("too_long", most=_LONGEST)
    if field.kind == Kind.LIST:
        _check_list(value)
    try:
        kept = defaults.checked(field.name, value)
    except ValueError:
        raise _wrong(field, defaults.bounds(field.name)) from None
    if kept in {"inf", "nan"}:  # a number to Python
        raise _wrong(field, defaults.bounds(field.name))
    return kept


def _check_list(value: str) -> None:
    parts = [part.strip() for part in value.split(",") if part.strip()]
    if not parts:
        raise WrongValue(Kind.LIST)
    if any(len(part.encode()) > _LONGEST_PART for part in parts):
        raise WrongValue("too_long", most=_LONGEST_PART // 2)


def checked_text(typed: str, original: str) -> str:
    """Return a text as it is kept: Telegram's mark-up, and the placeholders of the text that it stands for.

    Raises WrongValue.
    """
    text = typed.strip().replace("\r\n", "\n")
    if len(text) > LONGEST_TEXT:
        raise WrongValue("too_long", most=LONGEST_TEXT)
    try:
        used, known = placeholders(text), placeholders(original)
    except ValueError:
        raise WrongValue("braces") from None
    if used - known:
        raise WrongValue("placeholder", names=_braced(used - known), known=_braced(known) or "—")
    if known - used:
        raise WrongValue("placeholder_missing", names=_braced(known - used))
    shown = text.format_map(dict.fromkeys(used, "x"))
    if not is_well_formed(shown):
        raise WrongValue("markup")
    if not _MARK_UP.sub("", shown).strip():
        raise WrongValue("empty")
    return text


def shown_bounds(bounds: Bounds) -> dict[str, str]:
    """Return bounds as they stand in a text, in full."""
    least = "0" if bounds.least is None else f"{bounds.least:.15g}"
    return {"least": least, "most": _ENDLESS if bounds.most is None else f"{bounds.most:.15g}"}


def _wrong(field: Field, bounds: Bounds) -> WrongValue:
    if field.kind in (Kind.WHOLE, Kind.NUMBER):
        return WrongValue(field.kind, **shown_bounds(bounds))
    return WrongValue(field.kind, choices=", ".join(field.choices)) if field.choices else WrongValue(field.kind)


def _braced(names: frozenset[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names))
