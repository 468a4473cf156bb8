"""Presence: an operator says that they are there, away for a reason, or gone."""

from database.models import Availability, DeskAct
from services.access import Permission
from services.desk.desk import Desk
from services.desk.pins import sign_out
from services.desk.queueing import give_back_all
from services.errors import DeskRefusal


def go_online(desk: Desk) -> None:
    """Let customers be offered to the one who acts; raises DeskRefusal."""
    _be(desk, Availability.ONLINE, None)
    desk.operator().wrap_until = None
    desk.wake()


def go_away(desk: Desk, reason: str) -> None:
    """Offer no more customers for now; chats stay. Raises DeskRefusal for a reason that the bank's list has not."""
    if reason not in desk.rules.breaks:
        raise DeskRefusal("desk.which_break")
    _be(desk, Availability.AWAY, reason)


def go_offline(desk: Desk) -> int:
    """Leave the desk: chats go back to the front of the queue. Returns how many there were."""
    desk.require(Permission.TAKE_CHATS)
    _be(desk, Availability.OFFLINE, None)
    return give_back_all(desk, desk.me)


def log_out(desk: Desk) -> int:
    """Leave the desk and end the session that the PIN opened; returns how many chats went back."""
    given = go_offline(desk)
    return given + sign_out(desk, desk.me)


def _be(desk: Desk, availability: Availability, reason: str | None) -> None:
    desk.require(Permission.TAKE_CHATS)
    operator, now = desk.operator(), desk.uow.now()
    spent = (now - operator.available_at).total_seconds() if operator.available_at else None
    before = ":".join(part for part in (operator.availability, operator.away_reason) if part)
    desk.happened(DeskAct.PRESENCE, None, desk.me, seconds=spent, detail=before or None)
    operator.availability, operator.away_reason, operator.available_at = availability, reason, now
    if availability != Availability.ONLINE:
        desk.uow.floor.withdraw(desk.me)
        desk.wake()
