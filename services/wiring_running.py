"""Puts the running settings together: the environment's values and rules, and what was changed since."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, ValidationError
from pydantic.fields import FieldInfo

from config import Group, Settings
from database.db import Database
from services.policy import Policy
from services.running.defaults import Bounds, Catalogue
from services.running.fields import FIELDS
from services.running.following import Following
from services.running.sheet import Sheet
from services.wiring import make_policy, make_waiting_rules
from utils.hours import Closure
from utils.settings import explain

_GROUPS = ("conversation", "desk", "waiting", "attachments")  # those with a setting that may change
_SWITCH = {True: "true", False: "false"}


def make_running(settings: Settings, database: Database) -> Following:
    """Return the settings as a process without holidays sees them, not yet followed."""
    return Following(database, EnvironmentDefaults(settings))


def make_sheet(settings: Settings, catalogue: Catalogue) -> Sheet:
    """Return where settings are shown and changed."""
    return Sheet(EnvironmentDefaults(settings), catalogue)


class EnvironmentDefaults:
    """The settings of this process's environment, and the rules of their groups.

    `closures` gives what a file of holidays says in a zone, `stamp` is another thing once that file has changed.
    `consent_version` is known to those who ask for consents.
    """

    def __init__(
        self,
        settings: Settings,
        closures: Callable[[ZoneInfo], Sequence[Closure]] = lambda _zone: (),
        stamp: Callable[[], Hashable] = lambda: None,
        consent_version: str = "",
    ) -> None:
        self._settings = settings
        self._closures = closures
        self._consent_version = consent_version
        self.stamp = stamp
        found = {name: place for group in _GROUPS for name, place in _named(getattr(settings, group), group)}
        self._places = {field.name: found[field.name] for field in FIELDS}

    def value(self, name: str) -> str:
        """Return what holds if nobody changed it."""
        group, field = self._places[name]
        return _text(getattr(getattr(self._settings, group), field))

    def is_given(self, name: str) -> bool:
        """Return whether the environment names it."""
        group, field = self._places[name]
        return field in getattr(self._settings, group).model_fields_set

    def bounds(self, name: str) -> Bounds:
        """Return between which numbers it may lie."""
        rules = self._info(name).metadata
        least = [bound for rule in rules for bound in (getattr(rule, "ge", None), getattr(rule, "gt", None))]
        most = [bound for rule in rules for bound in (getattr(rule, "le", None), getattr(rule, "lt", None))]
        return Bounds(*(next((b for b in found if b is not None), None) for found in (least, most)))

    def checked(self, name: str, typed: str) -> str:
        """Return a value by the setting's own rules, as it is kept; raises ValueError."""
        if name not in self._places:
            raise ValueError(f"{name}: no setting that may change")
        group, field = self._places[name]
        return _text(getattr(getattr(self._changed({name: typed}), group), field))

    def policy(self, changed: Mapping[str, str]) -> Policy:
        """Return the rules of conversation with some values changed; raises ValueError."""
        settings = self._changed(changed)
        closures = self._closures(settings.waiting.zone)
        policy = replace(make_policy(settings), waiting=make_waiting_rules(settings, closures))
        return replace(policy, consent_version=self._consent_version) if self._consent_version else policy

    def _changed(self, changed: Mapping[str, str]) -> Settings:
        groups = {self._places[name][0] for name in changed}
        try:
            return replace(self._settings, **{group: self._revised(group, changed) for group in groups})
        except ValidationError as error:
            raise ValueError("; ".join(explain(error))) from None

    def _revised(self, name: str, changed: Mapping[str, str]) -> Any:
        group: Group = getattr(self._settings, name)
        given = {_variable(info): getattr(group, field) for field, info in type(group).model_fields.items()}
        own = {variable: value for variable, value in changed.items() if self._places[variable][0] == name}
        return type(group).model_validate(given | own)

    def _info(self, name: str) -> FieldInfo:
        group, field = self._places[name]
        fields: Mapping[str, FieldInfo] = type(getattr(self._settings, group)).model_fields
        return fields[field]


def _named(group: Group, place: str) -> list[tuple[str, tuple[str, str]]]:
    return [(_variable(info), (place, field)) for field, info in type(group).model_fields.items()]


def _variable(info: FieldInfo) -> str:
    assert isinstance(info.validation_alias, AliasChoices)  # noqa: S101 - every field of a group names its variable
    return str(info.validation_alias.choices[0])


def _text(value: object) -> str:
    if isinstance(value, bool):
        return _SWITCH[value]
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)
