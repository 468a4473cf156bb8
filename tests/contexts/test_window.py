"""The window of a dialog: the newest turns, by number and by tokens."""

from hypothesis import given
from hypothesis import strategies as st

from contexts.prompt import Turn, estimate_tokens
from contexts.window import beginning

TURNS = [Turn("user" if n % 2 == 0 else "assistant", f"{n}" * 30) for n in range(10)]


def test_it_holds_so_many_of_the_newest() -> None:
    assert beginning(TURNS, 4, 10_000) == 6
    assert beginning(TURNS, 100, 10_000) == 0
    assert beginning(TURNS, 0, 10_000) == 10
    assert beginning([], 4, 100) == 0


def test_it_holds_no_more_than_its_tokens() -> None:
    assert beginning(TURNS, 10, 3 * 14) == 7
    assert beginning(TURNS, 10, 3 * 14 - 1) == 8
    assert beginning(TURNS, 10, 0) == 10


@given(st.lists(st.text(max_size=90)), st.integers(0, 20), st.integers(0, 200))
def test_it_never_holds_more_and_one_turn_more_would_be_too_much(texts: list[str], most: int, tokens: int) -> None:
    turns = [Turn("user", text) for text in texts]
    costs = [estimate_tokens(text) + 4 for text in texts]
    start = beginning(turns, most, tokens)
    assert len(turns) - start <= most
    assert sum(costs[start:]) <= tokens
    assert start == 0 or len(turns) - start == most or sum(costs[start - 1 :]) > tokens
