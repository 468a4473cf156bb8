"""Rate limits: the first refusal is told, the others are silent, and without Redis customers go on."""

from collections.abc import Iterator
from functools import partial
from uuid import uuid4

import pytest
from redis import Redis

from deploy.servers.redis import RedisServer
from middlewares.chain import Chain, Incoming
from middlewares.rate_limit import RateLimit
from services.access import Permission
from services.gateways.memory_limiter import MemoryLimiter
from services.gateways.redis_limiter import RedisLimiter
from services.jobs import Refusal, Refused, Sender
from services.limits import Allowance, Limit, Limiter
from services.policy import Policy
from services.rates import limits_for
from tests.twins import Away, Clock

LIMITS = partial(limits_for, 7, policy=Policy(messages_per_minute=3, commands_per_minute=2))


def incoming(telegram_id: int = 1, limit: str = "message", permission: Permission = Permission.TALK) -> Incoming:
    return Incoming(Sender(telegram_id=telegram_id), permission, limit)


@pytest.fixture(params=["memory", "redis"])
def limiter(request: pytest.FixtureRequest) -> Iterator[Limiter]:
    """Return one limiter after the other, both empty."""
    if request.param == "memory":
        yield MemoryLimiter()
        return
    server: RedisServer = request.getfixturevalue("redis_server")
    with Redis.from_url(server.url) as redis:
        yield RedisLimiter(redis)


def verdicts(guard: RateLimit, batch: list[Incoming]) -> list[str]:
    """Return what became of each update: "goes on", "told" or "silent"."""
    guard(batch)
    return ["goes on" if one.refused is None else "silent" if one.silent else "told" for one in batch]


def test_only_the_first_refusal_is_told(limiter: Limiter) -> None:
    guard = RateLimit(limiter, LIMITS)
    assert verdicts(guard, [incoming() for _ in range(6)]) == ["goes on"] * 3 + ["told", "silent", "silent"]
    assert verdicts(guard, [incoming()]) == ["silent"]


def test_everybody_has_limits_of_their_own(limiter: Limiter) -> None:
    guard = RateLimit(limiter, LIMITS)
    mixed = [incoming(who) for who in (1, 2, 1, 2, 1, 2, 1, 2)]
    assert verdicts(guard, mixed) == ["goes on"] * 6 + ["told"] * 2


def test_every_command_has_a_limit_of_its_own_below_the_persons(limiter: Limiter) -> None:
    guard = RateLimit(limiter, LIMITS)
    batch = [incoming(limit="start"), incoming(limit="start"), incoming(limit="start"), incoming(limit="lang")]
    assert verdicts(guard, batch) == ["goes on", "goes on", "told", "goes on"]
    assert verdicts(guard, [incoming()]) == ["told"]


def test_the_reason_says_how_long_to_wait(limiter: Limiter) -> None:
    batch = [incoming() for _ in range(4)]
    RateLimit(limiter, LIMITS)(batch)
    refused = batch[3].refused
    assert refused is not None
    assert refused.reason is Refusal.TOO_FAST
    assert 18 <= refused.seconds <= 20  # 3 a minute: the next one passes after 20 s


def test_a_new_refusal_after_a_grant_is_told_again() -> None:
    clock = Clock()
    guard = RateLimit(MemoryLimiter(clock), LIMITS)
    verdicts(guard, [incoming() for _ in range(5)])
    clock.now += 20
    assert verdicts(guard, [incoming(), incoming(), incoming()]) == ["goes on", "told", "silent"]


@pytest.mark.parametrize(("wait", "seconds"), [(0.01, 1), (1.0, 1), (1.01, 2)])
def test_seconds_are_whole_and_never_none(wait: float, seconds: int) -> None:
    class Waits(Away):
        def take(self, requests: object) -> list[Allowance]:
            del requests
            return [Allowance(wait, "key", first=True)]

    batch = [incoming()]
    RateLimit(Waits(), LIMITS)(batch)
    assert batch[0].refused == Refused(reason=Refusal.TOO_FAST, seconds=seconds)


def test_a_batch_is_one_question() -> None:
    asked: list[int] = []

    class Counting(MemoryLimiter):
        def take(self, requests: object) -> list[Allowance]:
            assert isinstance(requests, list)
            asked.append(len(requests))
            return super().take(requests)

    RateLimit(Counting(), LIMITS)([incoming(who) for who in range(10)])
    assert asked == [10]


def test_the_ways_out_stay_open_to_whoever_wrote_too_much(limiter: Limiter) -> None:
    guard = RateLimit(limiter, LIMITS)
    guard([incoming() for _ in range(4)])
    assert verdicts(guard, [incoming(limit="help"), incoming(limit="end"), incoming()]) == ["goes on"] * 2 + ["silent"]


@pytest.mark.parametrize("kind", ["twin", "redis"])
def test_without_the_limiter_customers_go_on_and_privileged_acts_do_not(kind: str, dead_port: int) -> None:
    limiter: Limiter = Away() if kind == "twin" else RedisLimiter(Redis.from_url(f"redis://127.0.0.1:{dead_port}"))
    customer, *privileged = batch = [incoming(permission=permission) for permission in Permission]
    told: list[str] = []
    Chain([RateLimit(limiter, LIMITS)], told.append).check(batch)
    assert customer.permission is Permission.TALK
    assert (customer.refused, customer.unchecked) == (None, True)
    assert [(one.refused, one.unchecked, one.silent) for one in privileged] == [
        (Refused(reason=Refusal.UNAVAILABLE), False, False)
    ] * len(privileged)
    assert told == ["allowed", *["unavailable"] * len(privileged)]


def test_with_the_limiter_nothing_is_left_to_the_worker(limiter: Limiter) -> None:
    batch = [incoming()]
    RateLimit(limiter, LIMITS)(batch)
    assert not batch[0].unchecked


def test_a_refusal_uses_up_nothing(limiter: Limiter) -> None:
    key = uuid4().hex
    narrow, wide = Limit(f"{key}:narrow", 60.0, 1), Limit(f"{key}:wide", 60.0, 2)
    granted = [one.granted for one in limiter.take([(wide, narrow), (wide, narrow), (wide,), (wide,)])]
    assert granted == [True, False, True, False]
