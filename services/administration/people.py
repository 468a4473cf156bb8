"""People as the office sees them: found by id, phone or its last digits, and shown masked."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from database.models import User
from database.queries.people import Sought, is_tail
from services.access import Permission
from services.administration.office import Office
from services.errors import OfficeRefusal
from utils import phones

_MOST_DIGITS = 15  # of an account; Telegram's numbers have at most 52 bits


@dataclass(frozen=True)
class Person:
    """Somebody who talks to the bot; name and phone are masked."""

    telegram_id: int
    name: str
    phone: str
    phone_shared: bool
    tier: str
    language: str
    since: datetime
    consent: str | None
    left_at: datetime | None
    barred_at: datetime | None


@dataclass(frozen=True)
class Listed:
    """A page of people as of `at`; `more` says that there is another one."""

    people: Sequence[Person]
    more: bool
    at: datetime


def listed(office: Office, sought: Sought, page: int, size: int) -> Listed:
    """Return a page of people, the last to come first; raises OfficeRefusal."""
    office.require(Permission.SEE_PEOPLE)
    found = office.uow.people.page(sought, size + 1, page * size)
    return Listed([_person(office, user) for user in found[:size]], len(found) > size, office.uow.now())


def looked_up(office: Office, words: str, page: int, size: int) -> Listed:
    """Return whom typed words mean: an account, a phone, or the last four digits of one; raises OfficeRefusal."""
    for sought in _readings(words, office.tools.policy.region):
        if (found := listed(office, sought, page, size)).people:
            return found
    raise OfficeRefusal("admin.users.nobody")


def person(office: Office, telegram_id: int) -> Person:
    """Return one of the people; raises OfficeRefusal when there is nobody with that account."""
    office.require(Permission.SEE_PEOPLE)
    user = office.uow.users.get(telegram_id)
    if user is None:
        raise OfficeRefusal("admin.users.nobody")
    return _person(office, user)


def account(text: str) -> int | None:
    """Return an account's number as somebody typed it, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def _readings(words: str, region: str) -> list[Sought]:
    """Return what typed words may mean, the surest reading first."""
    readings = []
    if is_tail(words):
        readings.append(Sought(tail=words))
    if (telegram_id := account(words)) is not None:
        readings.append(Sought(telegram_id=telegram_id))
    with suppress(phones.PhoneError):
        readings.append(Sought(phone=phones.parse(words, region).e164))
    if not readings:
        raise OfficeRefusal("admin.users.how")
    return readings


def _person(office: Office, user: User) -> Person:
    uow = office.uow
    phone = uow.users.phone(user)
    return Person(
        user.telegram_id,
        masked_name(uow.users.profile(user)),
        phones.masked(phone) if phone else "",
        user.phone_shared,
        user.tier,
        user.language or office.tools.policy.language,
        user.created_at,
        user.consent_version,
        user.blocked_at,
        user.barred_at,
    )


def masked_name(name: str) -> str:
    """Return a name of which each word keeps its first letter."""
    return " ".join(f"{word[0]}•••" for word in name.split()[:3])
