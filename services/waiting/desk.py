"""The desk as those who wait depend on it: who is there, what they have in hand, how long chats took."""

from services.desk.desk import Desk
from services.desk.seats import Seat, seats
from services.waiting.estimate import Crew


def look(desk: Desk) -> Crew:
    """Return what an estimate of the wait is made of."""
    taken = seats(desk)
    return Crew(desk.uow.waiting.took(), len(_there(desk, taken)), len(desk.uow.waiting.in_hand()))


def has_somebody_free(desk: Desk) -> bool:
    """Tell whether somebody who answers now has room, and nobody waits for them.

    Who never said whether they are there answers one customer at a time.
    """
    if desk.uow.floor.waiting(1):
        return False
    return any(seat.room if seat.online else not seat.load for seat in _there(desk, seats(desk)))


def _there(desk: Desk, taken: list[Seat]) -> list[Seat]:
    """Return who answers now: whoever is online, and of those on call who serves, or did within the last half hour."""
    lately = {*desk.uow.waiting.in_hand(), *desk.uow.waiting.served_lately()}
    return [seat for seat in taken if seat.online or (seat.availability is None and seat.telegram_id in lately)]
