"""Benchmark 1: how many updates one core accepts a second, committed and with the wake-up published."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from benchmarks.bench.figures import Figure, at_least, at_most, middle, percentile, times_at_least
from benchmarks.bench.stage import Stage, measured_apart
from benchmarks.bench.updates import batches
from benchmarks.bench.webhook_load import accepted_by_webhook
from benchmarks.installation import TOKEN, environment_of

_SIZE = 100
_RUNS = 3
_LIMITS = {"USER_MESSAGES_PER_MINUTE": "1000000", "USER_COMMANDS_PER_MINUTE": "1000000"}


def run(stage: Stage) -> list[Figure]:
    """Measure the front by polling and by webhook beside a `delay` per update and beside bare PTB."""
    number = stage.scale(60, 20)
    environment = settings(stage)
    rate = middle([measured_apart(_polling, environment, number, 1 + i * 10**6)[0] for i in range(_RUNS)])
    webhook = middle([accepted_by_webhook(settings(stage), stage.scale(6000, 2000)) for _ in range(_RUNS)])
    delay = middle([measured_apart(_delay_each, environment, stage.scale(3000, 1000)) for _ in range(_RUNS)])
    bare = middle([measured_apart(_bare_ptb, environment, number) for _ in range(_RUNS)])
    waits = measured_apart(_paced, settings(stage), rate / 2, stage.scale(8, 3))
    return [
        Figure("front, polling / bare PTB", rate, "updates/s", times_at_least(0.3), bare),
        Figure("front, polling / delay per update", rate, "updates/s", times_at_least(3), delay),
        Figure("front, polling", rate, "updates/s", at_least(1500)),
        Figure("front, webhook / delay per update", webhook, "updates/s", times_at_least(3), delay),
        Figure("front, webhook / bare PTB", webhook, "updates/s", times_at_least(0.3), bare),
        Figure("front, webhook", webhook, "updates/s", at_least(1500)),
        Figure("front, p99 of acceptance at half the rate", percentile(waits, 99) * 1000, "ms", at_most(20)),
    ]


def settings(stage: Stage) -> dict[str, str]:
    """Return the settings of an installation with an empty database and limits that do not bind."""
    room = stage.room("front")
    environment = environment_of(room, stage.database(), stage.redis_url, "http://127.0.0.1:9", TOKEN)
    return environment | _LIMITS


def _front() -> Any:
    from bot import make_front  # noqa: PLC0415 - in the measured process alone
    from commands.setup import migrate  # noqa: PLC0415 - see above
    from config import load_settings  # noqa: PLC0415 - see above
    from services.wiring import make_database  # noqa: PLC0415 - see above
    from services.wiring_running import make_running  # noqa: PLC0415 - see above

    settings = load_settings()
    database = make_database(settings)
    migrate(database)
    return make_front(settings, database, make_running(settings, database))


def _polling(number: int, start: int) -> tuple[float, int]:
    """Accept batches as the poller does: parse, guard, commit, publish; returns updates a second."""
    from telegram import Update  # noqa: PLC0415 - in the measured process alone

    front = _front()
    for raw in batches(3, _SIZE, start):  # connections and statements are made
        front.accept([Update.de_json(update, None) for update in raw])
    work = batches(number, _SIZE, start + 10_000)
    started = time.perf_counter()
    for raw in work:
        front.accept([Update.de_json(update, None) for update in raw])
    return number * _SIZE / (time.perf_counter() - started), number


def _paced(rate: float, seconds: int) -> list[float]:
    """Accept at a steady rate; returns how long each update waited from its arrival to its commit, in seconds."""
    from telegram import Update  # noqa: PLC0415 - in the measured process alone

    front = _front()
    for raw in batches(3, 10, 10**7):
        front.accept([Update.de_json(update, None) for update in raw])
    updates = [raw for batch in batches(1, int(rate * seconds), 2 * 10**7) for raw in batch]
    waits: list[float] = []
    started, taken = time.perf_counter(), 0
    while taken < len(updates):
        arrived = min(int((time.perf_counter() - started) * rate), len(updates))
        if arrived == taken:
            continue
        group = updates[taken : min(arrived, taken + _SIZE)]
        front.accept([Update.de_json(update, None) for update in group])
        now = time.perf_counter() - started
        waits += [now - (taken + place) / rate for place in range(len(group))]
        taken += len(group)
    return waits


def _delay_each(number: int) -> float:
    """Do what a simple bot does: a Celery task per update from its handler, nothing committed."""
    from celery import Celery  # noqa: PLC0415 - in the measured process alone

    from config import load_settings  # noqa: PLC0415 - see above

    app = Celery("baseline", broker=load_settings().redis.broker.get_secret_value())
    app.conf.task_ignore_result = True

    @app.task(name="baseline.handle")
    def handle(update: dict[str, Any]) -> None:
        del update

    async def callback(update: Any, _context: Any) -> None:
        handle.apply_async((update.to_dict(),), queue="baseline")

    return asyncio.run(_processed(callback, batches(1, number)[0]))


def _bare_ptb(number: int) -> float:
    """Parse and process with PTB alone, with an empty handler."""

    async def callback(_update: Any, _context: Any) -> None:
        return None

    return asyncio.run(_processed(callback, [raw for batch in batches(number, _SIZE) for raw in batch]))


async def _processed(callback: Any, updates: Sequence[dict[str, Any]]) -> float:
    from telegram import Update  # noqa: PLC0415 - in the measured process alone
    from telegram.ext import ApplicationBuilder, TypeHandler  # noqa: PLC0415 - see above

    application = ApplicationBuilder().token(TOKEN).updater(None).build()
    application.add_handler(TypeHandler(Update, callback))
    application._initialized = True  # noqa: SLF001 - initialize() would ask Telegram who the bot is
    started = time.perf_counter()
    for raw in updates:
        await application.process_update(Update.de_json(raw, application.bot))
    return len(updates) / (time.perf_counter() - started)
