"""A pump that runs while a test looks at its rows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from database.db import Database
from database.models import Delivery
from services.delivery import Dispatcher
from services.gateways.memory_limiter import MemoryLimiter
from services.limits import Limiter
from services.pump import Pump
from services.rates import Rates
from tests.database.people import message
from tests.deploy.waiting import until
from tests.twin_channel import TwinChannel

RATES = Rates(per_second=1e6, chat_per_second=1e6, chat_burst=1000)
ENOUGH = 30.0


def make_dispatcher(database: Database, limiter: Limiter | None = None) -> Dispatcher:
    return Dispatcher(database, limiter or MemoryLimiter(), RATES, 30.0)


@asynccontextmanager
async def pumping(dispatcher: Dispatcher, channel: TwinChannel) -> AsyncIterator[Pump]:
    """Run a pump while the block lasts."""
    pump = Pump(dispatcher, channel)
    running = asyncio.create_task(pump.run())
    try:
        yield pump
    finally:
        await pump.stop(ENOUGH)
        await running


async def becomes(database: Database, message_id: int, state: Delivery, **more: object) -> None:
    def has_become() -> bool:
        found = message(database, message_id)
        return found.state == state and all(getattr(found, name) == value for name, value in more.items())

    await until(has_become)


async def reaches(database: Database, message_id: int, **least: int) -> None:
    """Wait for counts, which stay, where a state may last for less than it takes to look."""
    await until(lambda: all(getattr(message(database, message_id), name) >= most for name, most in least.items()))


async def is_sent(database: Database, *message_ids: int) -> None:
    await until(lambda: all(message(database, one).state == Delivery.SENT for one in message_ids))
