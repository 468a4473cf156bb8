"""How a part is asked whether it is ready."""

import asyncio

from deploy.launcher.part import Probe
from deploy.servers.redis import redis_answers

_SERVER_ERROR = 500


def http(port: int, path: str) -> Probe:
    """Return a probe that holds when the loopback's `port` answers `GET path` without an error of its own."""

    async def answers(_pid: int) -> bool:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        try:
            writer.write(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
            words = (await asyncio.wait_for(reader.readline(), 2)).split()
            return len(words) > 1 and words[1].isdigit() and int(words[1]) < _SERVER_ERROR
        except (OSError, TimeoutError):
            return False
        finally:
            writer.close()

    return answers


def redis(port: int) -> Probe:
    """Return a probe that holds when the part's own Redis answers on `port`."""

    async def answers(pid: int) -> bool:
        return await asyncio.to_thread(redis_answers, port, pid)

    return answers
