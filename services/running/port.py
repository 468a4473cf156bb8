"""The port of settings that may change while a process runs."""

from typing import Protocol

from services.policy import Policy


class RunningSettings(Protocol):
    """What is in force: each look tells it of that moment, and costs nothing."""

    @property
    def policy(self) -> Policy:
        """How the bank wants its bot to behave."""

    def text(self, lang: str, key: str) -> str | None:
        """Return what the bank says in words of its own instead of a text of the catalogues, placeholders unfilled."""
