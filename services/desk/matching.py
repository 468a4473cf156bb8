"""Matching: for each customer in turn the least-loaded operator who suits, over many in one round."""

from collections.abc import Collection, Sequence
from datetime import datetime
from heapq import heapify, heappop, heapreplace
from uuid import UUID

from database.models import Conversation
from services.desk.seats import Seat, fitting, suiting

_Rank = tuple[int, int, datetime, int]


class Matcher:
    """Gives customers to seats, whose load grows with each; `passed` are those who do not get each other.

    Customers who want the same share a heap, so that a round costs as many steps as there are customers.
    """

    def __init__(self, taken: Sequence[Seat], passed: Collection[tuple[UUID, int]]) -> None:
        self._taken = taken
        self._passed = passed
        self._choosy = {conversation_id for conversation_id, _ in passed}
        self._accounts = {seat.telegram_id for seat in taken}
        self._heaps: dict[tuple[int, str | None, str], list[tuple[_Rank, Seat]]] = {}

    def choose(self, conversation: Conversation, language: str) -> Seat | None:
        """Return the seat of a customer, one chat fuller from now on; None when nobody who suits has room."""
        if conversation.id in self._choosy or conversation.chat_id in self._accounts:
            there = fitting(self._taken, conversation, language, self._passed)
            seat = min((seat for seat in there if seat.room), key=_rank, default=None)
        else:
            seat = self._first((conversation.line, conversation.skill, language))
        if seat is not None:
            seat.load += 1
        return seat

    def _first(self, wanted: tuple[int, str | None, str]) -> Seat | None:
        heap = self._heaps.get(wanted)
        if heap is None:
            heap = self._heaps[wanted] = [(_rank(seat), seat) for seat in suiting(self._taken, *wanted)]
            heapify(heap)
        while heap:
            rank, seat = heap[0]
            if not seat.room:  # nor will there be any in this round
                heappop(heap)
            elif rank != (now := _rank(seat)):  # another heap gave to it meanwhile
                heapreplace(heap, (now, seat))
            else:
                return seat
        return None


def _rank(seat: Seat) -> _Rank:
    """Order seats: the first line before the second, the least-loaded, the longest idle."""
    return seat.line, seat.load, seat.idle_since, seat.telegram_id
