"""The section of settings in the administrators' panel: areas, their settings, and one of them with its buttons."""

from collections.abc import Sequence

from services import assistant
from services.access import Permission
from services.administration.screen import OPEN, Screen, Section, data, labelled
from services.errors import OfficeRefusal
from services.outbound import Button, Buttons
from services.running.checking import shown_bounds
from services.running.errors import SettingError
from services.running.fields import Area, Kind
from services.running.naming import SWITCH, name_of, shown
from services.running.sheet import Entry, Origin
from services.turn import Turn
from utils.i18n import Html

_KEY = "settings"
_BRIEF = 40  # characters of a value in a list
_SWITCHED = {"on": True, "off": False}
_SCREEN_OF_ASSISTANT = "assistant"


def open_settings(turn: Turn, _page: int, argument: str) -> Screen:
    """Show the areas, one of them, one setting, or what became of `<name> <value>` that somebody typed."""
    name, _, typed = argument.partition(" ")
    if typed:
        return _changed(turn, name if "/" in name else name.upper(), typed, None)
    if argument in list(Area):
        return _area(turn, Area(argument))
    return _card(turn, argument) if argument and argument != _SCREEN_OF_ASSISTANT else _areas(turn)


def _put(turn: Turn, arguments: Sequence[str]) -> Screen:
    name, seen, value = _arguments(arguments)
    return _changed(turn, name, value, seen)


def _reset(turn: Turn, arguments: Sequence[str]) -> Screen:
    name, seen, _ = _arguments(arguments)
    return _changed(turn, name, None, seen)


def _switch(turn: Turn, arguments: Sequence[str]) -> Screen:
    wanted = _SWITCHED.get("".join(arguments[1:2]))
    if wanted is None:
        raise OfficeRefusal("admin.changed")
    changed = assistant.switch(turn.uow, turn.sender.telegram_id, on=wanted)
    done = "admin.ai_started" if wanted else "admin.ai_stopped"
    return _areas(turn, turn.text(done if changed else "settings.same"))


def _changed(turn: Turn, name: str, typed: str | None, seen: int | None) -> Screen:
    """Change a setting; what is wrong with a value is told above the setting as it is."""
    try:
        change = turn.tools.sheet.change(turn.uow, turn.sender.telegram_id, name, typed, seen)
    except SettingError as refusal:
        return _card(turn, name, turn.text(refusal.key, **refusal.params), refusal.code)
    if change.before == change.after:
        return _card(turn, name, turn.text("settings.same"))
    before, after = (shown(turn.text, change.field, value) for value in (change.before, change.after))
    return _card(turn, name, turn.text("settings.changed", before=before, after=after))


def _areas(turn: Turn, notice: str = "") -> Screen:
    speaks = turn.uow.roles.ai_enabled()
    html = turn.text("settings.panel", ai=turn.text("admin.ai_on" if speaks else "admin.ai_off"))
    key, wanted = ("admin.ai_stop", "off") if speaks else ("admin.ai_start", "on")
    switch = turn.button(key, data(_KEY, "ai", _SCREEN_OF_ASSISTANT, wanted))
    areas = [turn.button(f"settings.area.{area}", data(_KEY, OPEN, 0, area)) for area in Area]
    pairs = tuple(tuple(areas[start : start + 2]) for start in range(0, len(areas), 2))
    return Screen(html, ((switch,), *pairs), notice=notice)


def _area(turn: Turn, area: Area) -> Screen:
    entries = turn.tools.sheet.entries(turn.uow, turn.sender.telegram_id, area, turn.language)
    lines = [
        turn.text(
            "settings.line",
            name=name_of(turn.text, entry.field),
            value=_brief(shown(turn.text, entry.field, entry.in_force)),
        )
        for entry in entries
    ]
    html = "\n".join((turn.text("settings.head", area=turn.text(f"settings.area.{area}")), "", *lines))
    each = [labelled(name_of(turn.text, entry.field), _KEY, OPEN, 0, entry.field.name) for entry in entries]
    return Screen(html, (*each, _back(turn, "")), argument=area)


def _card(turn: Turn, name: str, notice: str = "", code: str = "") -> Screen:
    """Show a setting; `code` is the refusal that the notice tells, so that no rule is told twice."""
    entry = turn.tools.sheet.entry(turn.uow, turn.sender.telegram_id, name)
    parts = [
        turn.text(
            "settings.card",
            name=name_of(turn.text, entry.field),
            variable=name,
            value=shown(turn.text, entry.field, entry.in_force),
            origin=Html(_origin(turn, entry)),
        )
    ]
    if not entry.fits:
        parts.append(turn.text("settings.unfit", value=entry.value))
    if entry.mine:
        parts.append(_how(turn, entry, code))
    buttons = (*(_acts(turn, entry) if entry.mine else ()), _back(turn, entry.field.area))
    return Screen("\n\n".join(parts), buttons, argument=name, notice=notice)


def _origin(turn: Turn, entry: Entry) -> str:
    if entry.origin != Origin.CHANGED or entry.changed_at is None:
        return turn.text(f"settings.origin.{entry.origin}")
    changed = turn.text("settings.changed_by", who=entry.changed_by, when=f"{entry.changed_at:%Y-%m-%d %H:%M} UTC")
    if entry.field.kind == Kind.TEXT:
        return changed
    return f"{changed} {turn.text('settings.default', value=shown(turn.text, entry.field, entry.default))}"


def _how(turn: Turn, entry: Entry, told: str) -> str:
    """Return how another value is given: typed, or for texts and choices where; `told` is the rule that was told."""
    field = entry.field
    if field.kind == Kind.TEXT:
        return turn.text("settings.in_console")
    rules = turn.text(f"settings.error.{field.kind}", **shown_bounds(entry.bounds), choices=", ".join(field.choices))
    how = turn.text("settings.how", variable=field.name)
    return how if told == field.kind else f"{rules}\n{how}"


def _acts(turn: Turn, entry: Entry) -> Buttons:
    field, version = entry.field, entry.version
    values = field.choices if field.kind == Kind.CHOICE else SWITCH if field.kind == Kind.SWITCH else ()
    others = [value for value in values if value != entry.in_force]
    rows = [labelled(shown(turn.text, field, value), _KEY, "put", field.name, version, value) for value in others]
    if field.kind == Kind.WHOLE:
        steps = [str(int(entry.in_force) + step) for step in (-1, 1)]
        rows.append(tuple(labelled(value, _KEY, "put", field.name, version, value)[0] for value in steps))
    if entry.origin == Origin.CHANGED:
        rows.append((turn.button("settings.reset", data(_KEY, "reset", field.name, version)),))
    return tuple(rows)


def _back(turn: Turn, area: str) -> tuple[Button, ...]:
    """Return the row that leads to an area, or from there to all of them."""
    where = data(_KEY, OPEN, 0, area)
    return (turn.button(f"settings.area.{area}", where) if area else turn.button("settings.title", where),)


def _arguments(arguments: Sequence[str]) -> tuple[str, int, str]:
    """Return what a button names: a setting, the version of it that was shown, a value."""
    name, seen, *value = (*arguments, "", "")[: max(3, len(arguments))]
    if not (seen.isascii() and seen.isdigit()):
        raise OfficeRefusal("admin.changed")
    return name, int(seen), ":".join(value)


def _brief(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= _BRIEF else f"{line[:_BRIEF]}…"


SECTION = Section(
    _KEY, "settings.menu", Permission.READ_STATE, open_settings, {"put": _put, "reset": _reset, "ai": _switch}
)
