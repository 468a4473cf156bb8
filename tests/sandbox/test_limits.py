"""Flood limits: a second for the bot, a bucket for a chat, a minute for a group."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.client import SandboxClient
from sandbox.telegram.errors import TooManyRequestsError
from sandbox.telegram.limits import Limiter, Limits, counts

ANNA = 71


def take(limiter: Limiter, chat_id: int) -> None:
    limiter.check(chat_id)
    limiter.count(chat_id)


class Clock:
    """A clock that is set by hand, in seconds."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@given(st.lists(st.floats(0, 0.5), min_size=40, max_size=80))
def test_no_second_takes_more_than_the_bots_limit(pauses: list[float]) -> None:
    clock = Clock()
    limiter = Limiter(Limits(bot_per_second=10, tolerance=0), clock)
    taken: list[float] = []
    for chat_id, pause in enumerate(pauses, 1):
        clock.now += pause
        try:
            take(limiter, chat_id)
        except TooManyRequestsError:
            assert sum(clock.now - 1 < at for at in taken) == 10
        else:
            taken.append(clock.now)
            assert sum(clock.now - 1 < at for at in taken) <= 10


def test_a_chat_takes_a_burst_and_then_one_a_second() -> None:
    clock = Clock()
    limiter = Limiter(Limits(), clock)
    for _ in range(5):
        take(limiter, ANNA)
    with pytest.raises(TooManyRequestsError) as refused:
        take(limiter, ANNA)
    assert refused.value.parameters == {"retry_after": 1}
    clock.now += 1
    take(limiter, ANNA)
    with pytest.raises(TooManyRequestsError):
        take(limiter, ANNA)


def test_a_group_takes_20_a_minute() -> None:
    clock = Clock()
    limiter = Limiter(Limits(), clock)
    for _ in range(20):
        take(limiter, -100)
        clock.now += 2
    with pytest.raises(TooManyRequestsError) as refused:
        take(limiter, -100)
    assert refused.value.parameters == {"retry_after": 20}


def test_zero_lifts_a_limit() -> None:
    limiter = Limiter(Limits(bot_per_second=0, chat_per_second=0, group_per_minute=0), Clock())
    for _ in range(1000):
        take(limiter, -1)


def test_what_counts() -> None:
    assert all(map(counts, ("sendMessage", "copyMessage", "forwardMessage", "editMessageText")))
    assert not any(map(counts, ("sendChatAction", "answerCallbackQuery", "deleteMessage", "getUpdates")))


def test_over_the_limit_the_bot_is_told_when_to_come_again(sandbox: SandboxClient) -> None:
    sandbox.send(ANNA, text="hello")
    sandbox.limits(chat_per_second=0.01, chat_burst=1)
    sandbox.result("sendMessage", chat_id=ANNA, text="first")
    answer = sandbox.call("sendMessage", chat_id=ANNA, text="second")
    wait = answer["parameters"]["retry_after"]
    assert 90 <= wait <= 100
    assert answer["error_code"] == 429
    assert answer["description"] == f"Too Many Requests: retry after {wait}"
    sandbox.result("sendChatAction", chat_id=ANNA, action="typing")
    assert [message["text"] for message in sandbox.chat(ANNA)["messages"]] == ["hello", "first"]


def test_what_is_refused_does_not_count(sandbox: SandboxClient) -> None:
    sandbox.send(ANNA, text="hello")
    sandbox.limits(chat_per_second=0.01, chat_burst=1)
    for _ in range(3):
        assert sandbox.call("sendMessage", chat_id=ANNA, text="")["error_code"] == 400
    sandbox.result("sendMessage", chat_id=ANNA, text="first")


def test_a_reset_brings_back_the_limits_of_the_start(sandbox: SandboxClient) -> None:
    sandbox.limits(bot_per_second=1, tolerance=0)
    sandbox.reset()
    sandbox.send(ANNA, text="hello")
    for number in range(3):
        sandbox.result("sendMessage", chat_id=ANNA, text=str(number))


def test_drafts_count_as_all_sends_do() -> None:
    assert counts("sendMessageDraft")


def test_what_is_paid_for_has_a_limit_of_its_own() -> None:
    limiter = Limiter(Limits(bot_per_second=2, paid_per_second=4, tolerance=0), Clock())
    for chat_id in range(4):
        limiter.check(chat_id, paid=True)
        limiter.count(chat_id)
    for paid in (True, False):
        with pytest.raises(TooManyRequestsError):
            limiter.check(5, paid=paid)
