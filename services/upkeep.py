"""Upkeep: what a worker looks after from time to time, whatever its customers ask."""

from dataclasses import dataclass

from services.archive.night import Night
from services.audit.clerk import Clerk
from services.leftovers import Leftovers


@dataclass(frozen=True)
class Upkeep:
    """Who seals and checks the audit log, who archives at night, and who lets leftover files go."""

    clerk: Clerk
    night: Night
    leftovers: Leftovers
