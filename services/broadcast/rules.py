"""The bank's rules of broadcasts: whom a second person has to be asked about, and when customers may be written to."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from utils.hours import Hours


@dataclass(frozen=True)
class BroadcastRules:
    """`approval_above`: people from which on a second person approves; `hours`: when customers may be written to.

    `per_second` is how many messages the messenger takes.
    """

    approval_above: int = 100
    per_second: float = 30.0
    hours: Hours = field(default_factory=Hours)

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which moments are typed and shown."""
        return self.hours.zone

    def sends_at(self, moment: datetime, *, urgent: bool) -> datetime | None:
        """Return the first moment from this one on at which customers may be written to; None if never in a year."""
        return moment if urgent else self.hours.opens(moment)
