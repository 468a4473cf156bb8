"""The sections of the administrators' panel, in the order of its menu; each lives in a file of its own."""

from services.administration import bots, knowledge, staff, users
from services.administration.screen import Section

SECTIONS: tuple[Section, ...] = (
    users.SECTION,
    staff.SECTION,
    bots.SECTION,
    knowledge.SECTION,
)
