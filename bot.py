"""The front process: takes updates from Telegram, by long polling or by webhook, into the inbox."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from config import Settings, load_settings
from database.barred import BarredCache
from database.db import Database
from database.rbac import RoleCache
from handlers.front import Front
from handlers.routes import ALLOWED_UPDATES
from handlers.telegram.polling import POLL_SECONDS, Poller
from handlers.telegram.reading import ReadingBot
from middlewares.auth_middleware import Authorise
from middlewares.barred import KeepOut
from middlewares.chain import Chain
from middlewares.locale import Locale
from middlewares.rate_limit import RateLimit
from services.inbox import DatabaseInbox
from services.limits import Limit
from services.metrics import GUARD_SECONDS, GUARDS
from services.patience import pauses, until_there
from services.presence import Presence
from services.queue_service import CeleryWakeups
from services.rates import limits_for
from services.running.port import RunningSettings
from services.wiring import (
    LOCALES,
    make_database,
    make_limiter,
    make_observable,
    serve_own_metrics,
)
from services.wiring_running import make_running
from utils.settings import SettingsError

_CONNECTIONS = 100  # at a time; the most that setWebhook takes (Bot API, setWebhook, "max_connections")


def make_front(settings: Settings, database: Database, running: RunningSettings) -> Front:
    """Return the front, ready to accept updates."""

    def limits(telegram_id: int, name: str) -> Sequence[Limit]:
        return limits_for(database.bot_id, telegram_id, name, running.policy)

    chain = Chain(
        [
            KeepOut(BarredCache(database)),
            RateLimit(make_limiter(settings), limits),
            Authorise(RoleCache(database)),
            Locale([folder.name for folder in LOCALES.iterdir() if folder.is_dir()]),
        ],
        on_verdict=lambda verdict: GUARDS.labels(verdict).inc(),
        on_checked=GUARD_SECONDS.observe,
    )
    return Front(chain, DatabaseInbox(database, CeleryWakeups()))


async def serve(settings: Settings) -> None:
    """Take updates until told to end; raises InvalidToken when Telegram does not know the bot."""
    taking = asyncio.ensure_future(_take_updates(settings))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, taking.cancel)
    with suppress(asyncio.CancelledError):
        await taking


async def _take_updates(settings: Settings) -> None:
    telegram = settings.telegram
    bot = ReadingBot(
        telegram.token.get_secret_value(),
        base_url=f"{telegram.api_url}/bot",
        request=HTTPXRequest(read_timeout=telegram.timeout),
        get_updates_request=HTTPXRequest(read_timeout=telegram.timeout + POLL_SECONDS),
    )
    database = make_database(settings)
    for pause in until_there(database):
        await asyncio.sleep(pause)
    running, presence = make_running(settings, database), Presence(database, "front")
    front = make_front(settings, database, running)
    running.start()
    presence.start()
    try:
        await _until_answered(bot.initialize)
        await asyncio.to_thread(_remember_name, database, bot.username)
        if telegram.ingest == "webhook":
            await _serve_webhook(settings, bot, front)
        else:
            await _until_answered(bot.delete_webhook)
            print("bot: polling", flush=True)  # noqa: T201 - for whoever started it by hand
            await Poller(bot, front.accept).run()
    finally:
        running.stop()
        await asyncio.to_thread(presence.stop)


def _remember_name(database: Database, username: str) -> None:
    """Keep the name that Telegram gave the bot: workers put it into links; without a database they do without."""
    with suppress(SQLAlchemyError), database.unit_of_work() as uow:
        uow.links.name_bot(username)


async def _until_answered(ask: Callable[[], Awaitable[object]]) -> None:
    """Ask Telegram something until it answers; raises InvalidToken when it does not know the bot."""
    for pause in pauses():
        try:
            await ask()
        except InvalidToken:
            raise
        except TelegramError:
            await asyncio.sleep(pause)
        else:
            return


async def _serve_webhook(settings: Settings, bot: Bot, front: Front) -> None:
    # Polling, the default, does without a server.
    from handlers.http.server import make_server  # noqa: PLC0415
    from handlers.http.webhook import Webhook  # noqa: PLC0415

    telegram = settings.telegram
    secret = telegram.webhook_secret.get_secret_value()
    app = Webhook(bot, front.accept, urlsplit(telegram.webhook_url).path or "/", secret)
    server = make_server(app, telegram.webhook_host, telegram.webhook_port)
    await _until_answered(
        partial(
            bot.set_webhook,
            telegram.webhook_url,
            secret_token=secret,
            allowed_updates=ALLOWED_UPDATES,
            max_connections=_CONNECTIONS,
        )
    )
    print("bot: webhook", flush=True)  # noqa: T201 - for whoever started it by hand
    await server.serve()


def main() -> int:
    """Run the front; returns the process's exit code."""
    try:
        settings = load_settings()
        tracing = make_observable("bot", settings)
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201 - a person reads it
        return 2
    try:
        serve_own_metrics(settings)
        with suppress(KeyboardInterrupt):
            asyncio.run(serve(settings))
    except InvalidToken:
        print("BOT_TOKEN: Telegram does not know this bot.", file=sys.stderr)  # noqa: T201 - a person reads it
        return 2
    finally:
        tracing.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
