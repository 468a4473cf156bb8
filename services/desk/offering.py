"""Assignment: who has waited longest is offered to the least-loaded operator who suits, one round at a time."""

from collections.abc import Sequence
from datetime import timedelta

from database.models import Author, Conversation, DeskAct, Priority
from services.desk.desk import Desk
from services.desk.keys import short
from services.desk.matching import Matcher
from services.desk.people import reason_of, who
from services.desk.queueing import call_moderators
from services.desk.seats import Seat, seats
from services.ports import Button, Outbound

_REST = 10  # offers' time for which one that was let pass is not made to the same operator again


def assign(desk: Desk) -> int:
    """Offer customers who wait to operators who have room; returns how many were offered.

    A handful of statements, however many wait: under one lock, so that nobody is offered twice or above a limit. Who
    does something this very moment keeps the place that they would have had for the next round.
    """
    if not any(seat.room for seat in seats(desk)):
        return 0  # as most of the time; the lock is for when there is something to share out
    desk.uow.floor.lock()
    taken = [seat for seat in seats(desk) if seat.ready]
    if not any(seat.room for seat in taken):
        return 0
    waiting = desk.uow.floor.waiting(free=True)
    if not waiting:
        return 0
    matched = _matched(desk, taken, waiting)
    free = desk.uow.floor.hold_free([conversation.id for conversation, _ in matched])
    offers = [(conversation, seat) for conversation, seat in matched if conversation.id in free]
    if offers:
        _offer(desk, offers)
    return len(offers)


def expire(desk: Desk) -> int:
    """Take back offers that were not taken in time; returns how many. Those customers go to others by `assign`."""
    desk.uow.floor.lock()
    expired = desk.uow.floor.expired()
    for conversation in expired:
        desk.happened(DeskAct.EXPIRED, conversation, conversation.offered_to)
        if conversation.offered_to is not None:
            desk.tell(conversation.offered_to, "desk.offer_over", priority=Priority.NOTICE, id=short(conversation))
        conversation.offered_to = conversation.offered_until = None
    return len(expired)


def _matched(
    desk: Desk, taken: Sequence[Seat], waiting: Sequence[tuple[Conversation, str | None]]
) -> list[tuple[Conversation, Seat]]:
    matcher = Matcher(taken, desk.uow.floor.passed(recent=_REST * desk.rules.offer))
    room = sum(seat.room for seat in taken)
    offers: list[tuple[Conversation, Seat]] = []
    for conversation, language in waiting:
        if len(offers) == room:
            break
        seat = matcher.choose(conversation, language or desk.tools.policy.language)
        if seat is not None:
            offers.append((conversation, seat))
    return offers


def _offer(desk: Desk, offers: Sequence[tuple[Conversation, Seat]]) -> None:
    now = desk.uow.now()
    until = now + timedelta(seconds=desk.rules.offer)
    desk.uow.floor.offer([(conversation, seat.telegram_id) for conversation, seat in offers], now, until)
    customers = desk.uow.desk.customers({conversation.user_id for conversation, _ in offers})
    operators = {seat.telegram_id for _, seat in offers}
    desk.uow.operators.assigned(operators)
    languages = desk.uow.desk.languages(operators)
    for conversation, seat in offers:
        language, words = languages.get(seat.telegram_id) or desk.tools.policy.language, desk.tools.words
        html = words.text(
            language,
            "desk.offer_urgent" if conversation.urgent else "desk.offer",
            id=short(conversation),
            who=who(desk, customers[conversation.user_id], language),
            reason=reason_of(desk, conversation, language),
            seconds=round(desk.rules.offer),
        )
        take = Button(label=words.text(language, "handover.take"), data=f"take:{conversation.id}")
        message = Outbound(html=html, buttons=((take,),))
        desk.send(seat.telegram_id, message, Author.SYSTEM, priority=Priority.NOTICE)


def call_next(desk: Desk, staff_id: int) -> None:
    """Call an operator on call, who is free again, for whose turn it is in the queue."""
    on_call = [seat for seat in seats(desk) if seat.telegram_id == staff_id and seat.availability is None]
    waiting = desk.uow.floor.waiting(1)
    if on_call and waiting and waiting[0][0].chat_id != staff_id:
        call_moderators(desk, waiting[0][0], [staff_id])
