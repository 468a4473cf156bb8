"""People who wait for people: opening hours, who comes first, what waiting customers are told, links."""

from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import model_validator

from settings.group import Group, env
from utils.hours import read_days, read_week
from utils.settings import Choices

WHO_FIRST = ("ai", "operators", "ai_when_busy")


class WaitingSettings(Group):
    """When people answer, who comes first, and what a customer who waits for a person is told."""

    hours: str = env("OPENING_HOURS", default="")
    zone_name: str = env("TIME_ZONE", default="UTC")
    holidays: str = env("HOLIDAYS_FILE", default="")
    closed_days: str = env("CLOSED_DAYS", default="")
    first: Annotated[str, Choices(*WHO_FIRST)] = env("ANSWER_FIRST", default="ai")
    quick: bool = env("AUTO_REPLY_ENABLED", default=True)
    pause: float = env("AUTO_REPLY_INTERVAL_SECONDS", default=60.0, ge=5, le=3600)
    reopen_hours: float = env("REOPEN_HOURS", default=24.0, ge=0, le=720)
    link_days: float = env("LINK_DAYS", default=30.0, gt=0, le=3650)

    @model_validator(mode="after")
    def _readable(self) -> Self:
        try:
            read_week(self.hours)
        except ValueError as error:
            raise ValueError(f"OPENING_HOURS: {error}") from None
        try:
            read_days(self.closed_days)
        except ValueError as error:
            raise ValueError(f"CLOSED_DAYS: {error}") from None
        try:
            ZoneInfo(self.zone_name)
        except (OSError, ValueError, KeyError):  # a folder of zones, a forged path, no such zone
            raise ValueError("TIME_ZONE: no zone of that name; one looks like Europe/Moscow") from None
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the opening hours."""
        return ZoneInfo(self.zone_name)
