"""The sections of the administrators' panel, in the order of its menu; each lives in a file of its own."""

from services import status_section
from services.administration import bots, knowledge, staff, users
from services.administration.screen import Section
from services.archive import section as archive
from services.broadcast import section as broadcast
from services.running import section as settings_section

SECTIONS: tuple[Section, ...] = (
    users.SECTION,
    staff.SECTION,
    bots.SECTION,
    knowledge.SECTION,
    broadcast.SECTION,
    archive.SECTION,
    settings_section.SECTION,
    status_section.SECTION,
)
