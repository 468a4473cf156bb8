"""Overseeing: the whole desk with everybody's names, in one look of a supervisor."""

from dataclasses import dataclass
from datetime import datetime
from html import unescape

from services.desk.desk import Desk
from services.desk.people import name_of
from services.desk.reading import reads
from services.desk.supervising import Overview, overview

_DAY = 86_400.0


@dataclass(frozen=True)
class Seen:
    """The desk now, the promised wait in seconds, names of the staff and customers, and who read whom."""

    now: datetime
    desk: Overview
    promised: float
    staff: dict[int, str]
    customers: dict[str, str]
    reads: tuple[tuple[datetime, int, str], ...]


def oversee(desk: Desk) -> Seen:
    """Return what a supervisor sees; raises DeskRefusal."""
    seen, language = overview(desk), desk.language_of(desk.me)
    read = tuple(reads(desk, _DAY))
    people = {seat.telegram_id for seat in seen.seats} | {chat.staff_id for chat in seen.chats if chat.staff_id}
    people |= {who for _, who, _ in read} | {each.offered_to for each in seen.waiting if each.offered_to}
    customers = desk.uow.desk.customers({chat.user_id for chat in seen.chats})
    return Seen(
        desk.uow.now(),
        seen,
        desk.rules.service_level,
        {who: unescape(name_of(desk, who, language)) for who in people},
        {chat.id.hex: desk.uow.users.profile(customers[chat.user_id]) for chat in seen.chats},
        read,
    )
