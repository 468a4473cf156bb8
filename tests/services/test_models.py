"""The chain of models: order, fall-back, retries within the time, prices, breakers."""

import pytest
from prometheus_client import REGISTRY

from database.db import Database
from services.errors import ModelAwayError, ModelError, Unwanted
from services.usage import NOTHING, Usage
from tests.services.chaining import BUSY, GONE, GOOD, USELESS, Setting, setting
from tests.services.modelling import KINDS, Control, control, prompt, running, server_at

__all__ = ["control", "running", "setting"]


def test_the_first_that_answers_is_named_with_what_it_cost(setting: Setting) -> None:
    first, second = setting.server(GOOD), setting.server()
    draft = setting.chain(first, second).reply(prompt())
    assert (draft.provider, draft.text) == ("a", "Free.")
    assert draft.usage == Usage(1000, 10, 1000 * 2 + 10 * 20)


def test_the_next_is_asked_when_one_is_of_no_use_and_all_of_it_is_paid(setting: Setting) -> None:
    draft = setting.chain(setting.server(GONE), setting.server(USELESS), setting.server(GOOD)).reply(prompt())
    assert draft.provider == "c"
    assert draft.usage == Usage(1500, 15, 1500 * 2 + 15 * 20)


def test_when_nobody_answers_all_reasons_and_costs_are_told(setting: Setting) -> None:
    with pytest.raises(ModelError, match="a: AuthenticationError; b: empty answer") as raised:
        setting.chain(setting.server(GONE), setting.server(USELESS)).reply(prompt())
    assert raised.value.usage == Usage(500, 5, 1100)


def test_faults_of_the_moment_are_retried_with_growing_pauses_of_chance(setting: Setting) -> None:
    draft = setting.chain(setting.server(BUSY, BUSY, GOOD)).reply(prompt())
    assert draft.text == "Free."
    [first, second] = setting.slept
    assert 0.25 <= first <= 0.5 <= second <= 1.0


def test_a_time_that_the_server_names_is_kept(setting: Setting) -> None:
    setting.chain(setting.server(ModelAwayError("RateLimitError", again=True, after=7.0), GOOD)).reply(prompt())
    assert setting.slept == [7.0]


@pytest.mark.parametrize("error", [GONE, USELESS], ids=["no such key", "no use"])
def test_what_would_not_change_is_not_retried(setting: Setting, error: ModelError) -> None:
    server = setting.server(error, GOOD)
    with pytest.raises(ModelError):
        setting.chain(server).reply(prompt())
    assert (setting.slept, len(server.given)) == ([], 1)


def test_three_attempts_are_enough(setting: Setting) -> None:
    server = setting.server(BUSY, BUSY, BUSY, GOOD)
    with pytest.raises(ModelError, match="RateLimitError"):
        setting.chain(server).reply(prompt())
    assert len(server.given) == 3


def test_no_pause_goes_beyond_the_time(setting: Setting) -> None:
    server = setting.server(ModelAwayError("RateLimitError", again=True, after=61.0), GOOD)
    with pytest.raises(ModelError):
        setting.chain(server).reply(prompt())
    assert setting.slept == []


def test_one_that_hangs_leaves_the_others_their_share_of_the_time(setting: Setting) -> None:
    hanging = setting.server(ModelAwayError("APITimeoutError", again=True), takes=1e9)
    quick, last = setting.server(USELESS, takes=1.0), setting.server(GOOD)
    setting.chain(hanging, quick, last).reply(prompt())
    assert hanging.given == [pytest.approx(20)]
    assert quick.given == [pytest.approx(20)]
    assert last.given == [pytest.approx(39)], "what the one before did not use is the next one's"


def test_an_open_breaker_costs_no_call_until_its_probe(setting: Setting) -> None:
    first, second = setting.server(GONE, GONE, GOOD, GOOD), setting.server(GOOD, GOOD, GOOD)
    chain = setting.chain(first, second)
    assert [chain.reply(prompt()).provider for _ in range(3)] == ["b", "b", "b"]
    assert len(first.given) == 2
    assert REGISTRY.get_sample_value("bot_breaker_open", {"name": "a"}) == 1
    setting.clock.now += 60
    assert chain.reply(prompt()).provider == "a"
    assert chain.reply(prompt()).provider == "a"
    assert REGISTRY.get_sample_value("bot_breaker_open", {"name": "a"}) == 0


def test_answers_of_no_use_or_that_nobody_wants_do_not_open_a_breaker(setting: Setting) -> None:
    chain = setting.chain(setting.server(USELESS, USELESS, USELESS, GOOD, GOOD, GOOD))
    for _ in range(3):
        with pytest.raises(ModelError, match="empty answer"):
            chain.reply(prompt())

    def unwanted(text: str) -> None:
        raise Unwanted(text)

    for _ in range(2):
        with pytest.raises(Unwanted):
            chain.reply(prompt(), unwanted)
    assert chain.reply(prompt()).provider == "a"


def test_what_is_counted_is_bounded_and_true(setting: Setting) -> None:
    def calls(outcome: str) -> float:
        return REGISTRY.get_sample_value("bot_model_calls_total", {"provider": "a", "outcome": outcome}) or 0.0

    outcomes = ("ok", "away", "unusable", "left_alone")
    before = [calls(outcome) for outcome in outcomes]
    chain = setting.chain(setting.server(BUSY, GOOD, USELESS, GONE, GONE))
    chain.reply(prompt())
    for _ in range(4):
        with pytest.raises(ModelError):
            chain.reply(prompt())
    assert [calls(outcome) - then for outcome, then in zip(outcomes, before, strict=True)] == [1, 3, 1, 1]


@pytest.mark.parametrize("kind", KINDS)
def test_a_real_server_that_fails_once_is_asked_again_and_one_that_stays_away_is_passed_over(
    database: Database, control: Control, kind: str
) -> None:
    setting = Setting(database)
    chain = setting.chain(server_at("http://127.0.0.1:9", kind), server_at(control.address, kind))
    control.plan(fault="status", status=503, times=1)
    heard: list[str] = []
    draft = chain.reply(prompt(), heard.append)
    assert (draft.kind, draft.provider, heard[-1]) == ("answer", "b", draft.text)
    assert [request["outcome"] for request in control.requests()] == ["fault:status", "answer"]
    assert draft.usage.cost == draft.usage.tokens_in * 2 + draft.usage.tokens_out * 20 > 0
    assert draft.usage != NOTHING


def test_notes_come_from_the_chain_too(setting: Setting) -> None:
    assert setting.chain(setting.server(GONE), setting.server(GOOD)).summarise(prompt()) == "Free."
    with pytest.raises(ModelError, match="a: empty answer"):
        setting.chain(setting.server(USELESS)).summarise(prompt())
