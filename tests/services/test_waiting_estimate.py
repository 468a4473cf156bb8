"""Estimates of the wait: a range from what chats took, nothing without data, and right about as often as it says."""

import heapq
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.waiting.estimate import FEWEST, Crew, Estimate, estimate

TEN = [60.0 * minutes for minutes in range(1, 11)]  # quartiles: 3.25 and 7.75 minutes

desks = st.builds(
    Crew, st.lists(st.floats(1, 7200), min_size=FEWEST, max_size=60), st.integers(1, 40), st.integers(0, 80)
)


@pytest.mark.parametrize(
    ("online", "in_hand", "place", "told"),
    [(1, 1, 1, Estimate(3, 8)), (1, 1, 2, Estimate(6, 20)), (2, 1, 1, Estimate(1, 4)), (1, 4, 4, Estimate(3, 8))],
)
def test_a_place_lasts_what_a_chat_takes_by_those_who_serve(
    online: int, in_hand: int, place: int, told: Estimate
) -> None:
    assert estimate(Crew(TEN, online, in_hand), place) == told


@pytest.mark.parametrize("desk", [Crew(TEN[: FEWEST - 1], 3, 3), Crew(TEN, 0, 3), Crew([], 0, 0)])
def test_nothing_is_said_without_data_or_without_anybody(desk: Crew) -> None:
    assert estimate(desk, 1) is None


@given(desks, st.integers(1, 300))
def test_a_later_place_never_waits_less(desk: Crew, place: int) -> None:
    here, behind = estimate(desk, place), estimate(desk, place + 1)
    assert here
    assert behind
    assert here.low <= here.high
    assert here.high >= 1
    assert here.low <= behind.low
    assert here.high <= behind.high


@given(desks, st.integers(1, 300))
def test_more_people_never_make_it_longer(desk: Crew, place: int) -> None:
    more = estimate(Crew(desk.took, desk.online + 1, desk.in_hand + 1), place)
    here = estimate(desk, place)
    assert here
    assert more
    assert more.high <= here.high


@pytest.mark.parametrize("servers", [1, 4])
def test_half_of_those_who_wait_are_served_within_their_range(servers: int) -> None:
    random = Random(5)  # noqa: S311 - a schedule that can be drawn again
    chats = [random.lognormvariate(6, 0.6) for _ in range(50)]
    right = total = 0
    for _ in range(300):
        busy = [random.choice(chats) * random.random() for _ in range(servers)]  # the rest of what is under way
        heapq.heapify(busy)
        for place in range(1, 7):
            freed = heapq.heappop(busy)
            told = estimate(Crew(chats, servers, servers), place)
            assert told
            right += 60 * told.low <= freed <= 60 * told.high
            total += 1
            heapq.heappush(busy, freed + random.choice(chats))
    assert right / total >= 0.5
