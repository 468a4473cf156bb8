"""The limiter in Redis: the generic cell rate algorithm (ITU-T I.371), many requests in one round trip."""

from collections.abc import Sequence

from redis import Redis
from redis.exceptions import RedisError

from services.limits import Allowance, Limit

# Each limit's key holds its theoretical arrival time in microseconds of Redis's own clock. A request passes when none
# of its limits is ahead of the clock by more than its burst; only then all of them move on. KEYS: one per limit.
# ARGV: per limit the request's number, the interval and the tolerance (microseconds). Returns per request three
# numbers: microseconds to wait, the place of the limit that refused, and 1 for the first refusal since the last grant.
_SCRIPT = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local results, place = {}, 1
while place <= #KEYS do
  local request, last, wait, culprit = ARGV[place * 3 - 2], place, 0, 0
  local moved = {}
  while last <= #KEYS and ARGV[last * 3 - 2] == request do
    local tat = math.max(tonumber(redis.call('GET', KEYS[last]) or now), now)
    local late = tat - tonumber(ARGV[last * 3]) - now
    if late > wait then wait, culprit = late, last end
    moved[last] = tat + tonumber(ARGV[last * 3 - 1])
    last = last + 1
  end
  local first = 0
  if wait == 0 then
    for limit, tat in pairs(moved) do
      redis.call('SET', KEYS[limit], string.format('%.0f', tat), 'PX', math.ceil((tat - now) / 1000) + 1000)
    end
  else
    if redis.call('SET', KEYS[culprit] .. ':told', 1, 'NX', 'PX', math.ceil(wait / 1000)) then first = 1 end
  end
  results[#results + 1] = {wait, culprit, first}
  place = last
end
return results
"""
_MICRO = 1_000_000


class RedisLimiter:
    """Rates that all processes share."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._script = redis.register_script(_SCRIPT)

    def take(self, requests: Sequence[Sequence[Limit]]) -> list[Allowance]:
        """Ask for each request whether all its limits let it happen now; raises ConnectionError without Redis."""
        limits = [(number, limit) for number, request in enumerate(requests) for limit in request]
        keys = [limit.key for _, limit in limits]
        arguments: list[int] = []
        for number, limit in limits:
            interval = round(limit.interval * _MICRO)
            arguments += (number, interval, interval * (limit.burst - 1))
        try:
            answers = self._script(keys=keys, args=arguments)
        except RedisError as error:
            raise ConnectionError("the limiter's Redis does not answer") from error
        return [
            Allowance(wait / _MICRO, keys[culprit - 1] if culprit else "", bool(first))
            for wait, culprit, first in answers
        ]

    def pause(self, key: str, seconds: float) -> None:
        """Move a key's clock ahead, beyond any burst; raises ConnectionError without Redis."""
        try:
            now_seconds, now_micro = self._redis.time()
            until = now_seconds * _MICRO + now_micro + round((seconds + 1) * _MICRO)
            self._redis.set(key, until, px=round((seconds + 2) * 1000))
        except RedisError as error:
            raise ConnectionError("the limiter's Redis does not answer") from error
