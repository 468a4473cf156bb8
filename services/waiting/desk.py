"""The desk as those who wait depend on it: who is there, what they have in hand, how long chats took."""

from database.db import UnitOfWork
from services.access import Permission, allowed
from services.waiting.estimate import Desk


def online(uow: UnitOfWork) -> set[int]:
    """Return the people who answer now: they have a chat in hand, or ended one within the last half hour."""
    seen = {*uow.waiting.in_hand(), *uow.waiting.served_lately()}
    held = uow.roles.all() if seen else {}
    return {staff_id for staff_id in seen if allowed(held.get(staff_id, ()), Permission.TAKE_CHATS)}


def look(uow: UnitOfWork) -> Desk:
    """Return what an estimate of the wait is made of."""
    return Desk(uow.waiting.took(), len(online(uow)), len(uow.waiting.in_hand()))


def has_somebody_free(uow: UnitOfWork) -> bool:
    """Tell whether somebody who answers now has nobody, and nobody waits for them."""
    return not uow.waiting.line() and bool(online(uow) - {*uow.waiting.in_hand()})
