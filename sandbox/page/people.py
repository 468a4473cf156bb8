"""The people whom the page shows first, and what every person looks like on it."""

from dataclasses import dataclass

from sandbox.page import words
from sandbox.telegram.acts import describe
from sandbox.telegram.people import Person, PersonDetails
from sandbox.telegram.world import World

_HUES = 360
_HUE_STEP = 137
"""The golden angle: neighbouring ids get colours far apart."""


@dataclass(frozen=True, slots=True)
class Part:
    """A person with a part to play."""

    role: str
    first_name: str
    last_name: str


CAST = {
    9001: Part(words.CUSTOMER, "Anna", "Orlova"),
    9002: Part(words.MODERATOR, "Mikhail", "Belov"),
    9003: Part(words.ADMINISTRATOR, "Clara", "Stein"),
}


def introduce(world: World, person_id: int) -> Person:
    """Return a person; one of the cast gets a name when nobody has heard of them yet."""
    part = CAST.get(person_id)
    if part is not None and person_id not in world.people:
        describe(world, person_id, PersonDetails(first_name=part.first_name, last_name=part.last_name))
    return world.person(person_id)


def role(person_id: int) -> str:
    """Return the part that a person plays."""
    return CAST[person_id].role if person_id in CAST else words.PERSON


def full_name(person: Person) -> str:
    """Return first and last name."""
    return f"{person.first_name} {person.last_name or ''}".strip()


def initials(person: Person) -> str:
    """Return the one or two letters of an avatar."""
    return "".join(name[:1].upper() for name in (person.first_name, person.last_name or ""))


def hue(person_id: int) -> int:
    """Return the hue of an avatar, in degrees."""
    return person_id * _HUE_STEP % _HUES


def parse_ids(text: str) -> list[int]:
    """Read ids from the page's address (`9001,9002`); what is no id is left out; none at all means the cast."""
    ids = [int(part) for part in text.split(",") if part.isascii() and part.isdigit() and int(part) > 0]
    return list(dict.fromkeys(ids)) or list(CAST)
