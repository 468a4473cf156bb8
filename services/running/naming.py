"""What settings and their values are called, in the panel and in the console alike."""

from collections.abc import Callable
from html import unescape

from services.running.fields import Field, Kind, text_of

SWITCH = ("true", "false")
Say = Callable[..., str]


def name_of(say: Say, field: Field) -> str:
    """Return what a setting is called, as plain words; `say` returns a text of the catalogues."""
    if field.kind == Kind.TEXT:
        key, _ = text_of(field.name)
        return unescape(say(f"settings.text.{key.replace('.', '_')}"))
    return unescape(say(f"settings.name.{field.name.lower()}"))


def shown(say: Say, field: Field, value: str) -> str:
    """Return a value as it is shown, plain."""
    if field.kind == Kind.SWITCH and value in SWITCH:
        return unescape(say("settings.on" if value == SWITCH[0] else "settings.off"))
    if field.kind == Kind.CHOICE and value in field.choices:
        return unescape(say(f"settings.choice.{value}"))
    if field.kind == Kind.HOURS and not value:
        return unescape(say("settings.always"))
    return value or "—"
