"""The port of the settings that the environment gives: what holds without a change, and which changes are possible."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.policy import Policy


@dataclass(frozen=True)
class Bounds:
    """The least and the most that a number may be; None where there is no such bound."""

    least: float | None = None
    most: float | None = None


class Defaults(Protocol):
    """The environment's settings under the names of its variables; values are texts, as they stand there."""

    def value(self, name: str) -> str:
        """Return what holds if nobody changed it."""

    def is_given(self, name: str) -> bool:
        """Return whether the environment names it; else it is built in."""

    def bounds(self, name: str) -> Bounds:
        """Return between which numbers it may lie."""

    def checked(self, name: str, typed: str) -> str:
        """Return a value by the setting's own rules, as it is kept; raises ValueError."""

    def policy(self, changed: Mapping[str, str]) -> Policy:
        """Return the rules of conversation with some values changed; raises ValueError for one that does not fit."""

    def stamp(self) -> Hashable:
        """Return something that is another thing once what lies outside of the environment (a file) has changed."""


class Catalogue(Protocol):
    """The texts that the bank did not change."""

    @property
    def languages(self) -> Sequence[str]:
        """The languages there are."""

    def template(self, lang: str, key: str) -> str:
        """Return a text with its placeholders unfilled; raises TextError where there is none."""
