"""The sheet of settings: what is in force, where it comes from, and the change of one, by rights and rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from database.db import UnitOfWork
from database.models import AuditAct, SettingVersion
from services.access import Permission, allowed
from services.errors import NotPermitted
from services.running.checking import checked_text, checked_value
from services.running.defaults import Bounds, Catalogue, Defaults
from services.running.errors import ChangedMeanwhile, NoSuchSetting, WrongValue
from services.running.fields import Area, Field, Kind, fields_of, find, text_of

HISTORY = 10  # versions of a setting that are shown


class Origin(StrEnum):
    """Where the value in force comes from."""

    CHANGED = auto()
    ENVIRONMENT = auto()
    BUILT_IN = auto()


@dataclass(frozen=True)
class Entry:
    """A setting as it is: `version` counts its changes, the last one by whom and when; `fits` is whether it is usable.

    A value that does not fit (another version of the program let it through) is not in force: the default is.
    """

    field: Field
    value: str
    default: str
    origin: Origin
    bounds: Bounds
    version: int
    changed_by: int | None
    changed_at: datetime | None
    fits: bool
    mine: bool

    @property
    def in_force(self) -> str:
        """What holds."""
        return self.value if self.fits else self.default


@dataclass(frozen=True)
class Change:
    """What became of a setting: nothing, if it was like that already."""

    field: Field
    before: str
    after: str


class Sheet:
    """The settings of one bot that may change while it runs."""

    def __init__(self, defaults: Defaults, catalogue: Catalogue) -> None:
        self._defaults = defaults
        self._catalogue = catalogue

    @property
    def languages(self) -> Sequence[str]:
        """The languages that there are texts in."""
        return self._catalogue.languages

    def entries(self, uow: UnitOfWork, by: int, area: Area, language: str) -> list[Entry]:
        """Return the settings of an area as somebody sees them, texts in a language; raises NotPermitted."""
        roles = self._reader(uow, by)
        changed = uow.settings.all()
        return [self._entry(field, changed.get(field.name), roles) for field in fields_of(area, [language])]

    def entry(self, uow: UnitOfWork, by: int, name: str) -> Entry:
        """Return one setting; raises NotPermitted or NoSuchSetting."""
        roles = self._reader(uow, by)
        newest = next(iter(uow.settings.history(name, 1)), None)
        return self._entry(self._field(name), newest, roles)

    def history(self, uow: UnitOfWork, by: int, name: str) -> list[SettingVersion]:
        """Return the last versions of a setting, the newest first; raises NotPermitted or NoSuchSetting."""
        self._reader(uow, by)
        return uow.settings.history(self._field(name).name, HISTORY)

    def change(self, uow: UnitOfWork, by: int, name: str, typed: str | None, seen: int | None = None) -> Change:
        """Give a setting another value, or its default again (None); `seen` is the version that was shown.

        Raises OfficeRefusal, and has changed nothing then.
        """
        entry = self.entry(uow, by, name)
        if not entry.mine:
            raise NotPermitted(entry.field.permissions[-1].value)
        if seen is not None and seen != entry.version:
            raise ChangedMeanwhile(value=entry.in_force)
        value = None if typed is None else self._checked(entry, typed)
        after = entry.default if value is None else value
        was = entry.value if entry.origin == Origin.CHANGED else None
        if value == was or (value == entry.default and was is None):
            return Change(entry.field, entry.in_force, entry.in_force)
        if not uow.settings.put(name, entry.version + 1, value, by):
            raise ChangedMeanwhile(value=self.entry(uow, by, name).in_force)
        version = entry.version + 1
        uow.audit.record(
            AuditAct.SETTING_SET,
            actor=by,
            subject=f"setting:{name}",
            before=entry.in_force,
            after=after,
            default=value is None,
            version=version,
        )
        return Change(entry.field, entry.in_force, after)

    def _checked(self, entry: Entry, typed: str) -> str:
        if entry.field.kind == Kind.TEXT:
            return checked_text(typed, entry.default)
        return checked_value(self._defaults, entry.field, typed)

    def _reader(self, uow: UnitOfWork, by: int) -> frozenset[str]:
        roles = uow.roles.of(by)
        if not allowed(roles, Permission.READ_STATE):
            raise NotPermitted(Permission.READ_STATE.value)
        return roles

    def _field(self, name: str) -> Field:
        field = find(name, self.languages)
        if field is None:
            raise NoSuchSetting(name=name)
        return field

    def _entry(self, field: Field, newest: SettingVersion | None, roles: frozenset[str]) -> Entry:
        is_text = field.kind == Kind.TEXT
        default = self._template(field) if is_text else self._defaults.value(field.name)
        value = default if newest is None or newest.value is None else newest.value
        origin = Origin.ENVIRONMENT if not is_text and self._defaults.is_given(field.name) else Origin.BUILT_IN
        return Entry(
            field=field,
            value=value,
            default=default,
            origin=Origin.CHANGED if newest and newest.value is not None else origin,
            bounds=Bounds() if is_text else self._defaults.bounds(field.name),
            version=newest.version if newest else 0,
            changed_by=newest.changed_by if newest else None,
            changed_at=newest.created_at if newest else None,
            fits=value == default or self._fits(field, value, default),
            mine=any(allowed(roles, permission) for permission in field.permissions),
        )

    def _fits(self, field: Field, value: str, default: str) -> bool:
        try:
            if field.kind == Kind.TEXT:
                checked_text(value, default)
            else:
                self._defaults.checked(field.name, value)
        except (ValueError, WrongValue):
            return False
        return True

    def _template(self, field: Field) -> str:
        key, language = text_of(field.name)
        return self._catalogue.template(language, key)
