"""Drives the webhook with many connections at once, from another core than the front's."""

import asyncio
import json
import multiprocessing
import os
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.bench.stage import CORE
from benchmarks.bench.updates import raw_updates
from deploy.servers.process import free_port

_CONNECTIONS = 100  # Bot API, setWebhook: max_connections is 100 at most
_SECRET = "w" * 32
_PATH = "/telegram"


def accepted_by_webhook(environment: dict[str, str], number: int) -> float:
    """Return how many calls a second the webhook of a pinned front answers with 200."""
    port = free_port()
    context = multiprocessing.get_context("spawn")
    server = context.Process(target=_serve, args=(environment, port))
    server.start()
    try:
        return asyncio.run(_load(port, number))
    finally:
        server.terminate()
        server.join()


def _serve(environment: dict[str, str], port: int) -> None:
    os.sched_setaffinity(0, {CORE})
    os.environ.update(environment)
    from telegram import Bot  # noqa: PLC0415 - in the measured process alone

    from benchmarks.bench.front import _front  # noqa: PLC0415 - see above
    from handlers.http.server import make_server  # noqa: PLC0415 - see above
    from handlers.http.webhook import Webhook  # noqa: PLC0415 - see above

    webhook = Webhook(Bot(environment["BOT_TOKEN"]), _front().accept, _PATH, _SECRET)
    make_server(webhook, "127.0.0.1", port).run()


async def _load(port: int, number: int) -> float:
    await _reachable(port)
    updates = raw_updates()
    await _burst(port, updates, 500)
    started = time.perf_counter()
    await _burst(port, updates, number)
    return number / (time.perf_counter() - started)


async def _burst(port: int, updates: Iterator[dict[str, Any]], number: int) -> None:
    share = number // _CONNECTIONS
    await asyncio.gather(*(_connection(port, [next(updates) for _ in range(share)]) for _ in range(_CONNECTIONS)))


async def _connection(port: int, updates: list[dict[str, Any]]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for update in updates:
        body = json.dumps(update).encode()
        writer.write(
            f"POST {_PATH} HTTP/1.1\r\nhost: bot\r\nx-telegram-bot-api-secret-token: {_SECRET}\r\n"
            f"content-length: {len(body)}\r\n\r\n".encode()
            + body
        )
        answer = await reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"the webhook said {answer.splitlines()[0]!r}")
    writer.close()


async def _reachable(port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
