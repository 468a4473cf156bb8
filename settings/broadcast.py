"""Messages to many."""

from typing import Self

from pydantic import model_validator

from settings.group import Group, env
from utils.hours import read_week


class BroadcastSettings(Group):
    """Whom a second person has to be asked about, and when customers may be written to."""

    approval_above: int = env("BROADCAST_APPROVAL_ABOVE", default=100, ge=0)
    hours: str = env("BROADCAST_HOURS", default="mon-sun 9:00-21:00")

    @model_validator(mode="after")
    def _readable(self) -> Self:
        try:
            read_week(self.hours)
        except ValueError as error:
            raise ValueError(f"BROADCAST_HOURS: {error}") from None
        return self
