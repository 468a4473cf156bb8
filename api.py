"""The HTTP front: health and readiness, the console, and the metrics of this machine on a port of their own."""

import signal
import sys

import uvicorn
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from fastapi import FastAPI
from redis import Redis

from config import ROOT, Settings, load_settings
from database.db import Database
from handlers.console.attachment import attachment_router
from handlers.console.console import Console
from handlers.console.desk_files import files_router
from handlers.console.site import mount
from handlers.http.docs import docs_router
from handlers.http.health import Probe, health_router
from services.audit.reading import Reading
from services.explanation import Explanations
from services.knowledge.editing import Editing
from services.knowledge.questions import Questions
from services.presence import Presence
from services.queue_service import CeleryWakeups
from services.running.following import Following
from services.running.office import Office
from services.running.spoken import Spoken
from services.running.words import OwnWords
from services.sign_in import SignIn
from services.system import System
from services.wiring import LOCALES, make_database, make_observable
from services.wiring_desk import make_door
from services.wiring_files import make_attachments, make_uploads
from services.wiring_running import make_running, make_sheet
from utils.i18n import Catalogues
from utils.metrics import PortTakenError, serve_metrics
from utils.settings import SettingsError

_TIMEOUT = 1.0  # seconds that a probe waits


class NotReadyError(Exception):
    """A dependency answers, but is not in the state it has to be in."""


def create_app(settings: Settings) -> FastAPI:
    """Return the HTTP application."""
    app = FastAPI(title="Bank Telegram Bot", docs_url=None, redoc_url=None)
    app.include_router(health_router(_probes(settings)))
    app.include_router(docs_router(app.openapi))
    return app


def make_console(settings: Settings, spoken: Spoken) -> Console:
    """Return what the console's pages work with."""
    database, wakeups = make_database(settings), CeleryWakeups()
    language, words = settings.conversation.language, spoken.words
    return Console(
        sign_in=SignIn(database, words, wakeups, language, settings.console.session),
        editing=Editing(database, wakeups.knowledge, language),
        questions=Questions(database, wakeups.knowledge),
        explanations=Explanations(database),
        words=words,
        language=language,
        audit=Reading(database),
        settings=Office(database, spoken.sheet),
        system=System(database),
    )


def make_spoken(settings: Settings, running: Following) -> Spoken:
    """Return what pages say, and the settings behind it."""
    catalogues = Catalogues.load(LOCALES, default=settings.conversation.language)
    return Spoken(OwnWords(catalogues, running), running, make_sheet(settings, catalogues))


def _probes(settings: Settings) -> dict[str, Probe]:
    database = make_database(settings)
    redis = Redis.from_url(
        settings.redis.url.get_secret_value(), socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT
    )

    def ping_redis() -> None:
        redis.ping()

    def knowledge() -> None:
        with database.reading() as uow:
            if not uow.knowledge.current():
                raise NotReadyError("no knowledge is loaded")

    return {
        "database": database.ping,
        "migrations": lambda: _migrated(database),
        "redis": ping_redis,
        "knowledge": knowledge,
    }


def _migrated(database: Database) -> None:
    newest = ScriptDirectory.from_config(Config(ROOT / "alembic.ini")).get_current_head()
    with database.engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() != newest:
            raise NotReadyError("the database is not migrated")


def _open(app: FastAPI, settings: Settings, running: Following) -> None:
    """Open the console to the staff: its pages, and the ways of files in and out."""
    spoken = make_spoken(settings, running)
    console = make_console(settings, spoken)
    app.include_router(attachment_router(console, make_attachments(settings, make_database(settings), running)))
    door = make_door(settings, make_database(settings), spoken, CeleryWakeups())
    uploads = make_uploads(settings, door.database, running)
    app.include_router(files_router(console, door, uploads))
    mount(app, console, door, uploads)


def main() -> int:
    """Run the HTTP front; returns the process's exit code."""
    try:
        settings = load_settings()
        tracing = make_observable("api", settings)
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201 - a person reads it
        return 2
    seen = settings.observability
    folder = None if seen.metrics_in_process else seen.metrics_folder
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    try:
        metrics = serve_metrics(seen.metrics_port, seen.metrics_host, folder)
    except PortTakenError as error:
        print(f"METRICS_PORT: {error}", file=sys.stderr)  # noqa: T201 - a person reads it
        return 2
    app = create_app(settings)
    running, presence = make_running(settings, make_database(settings)), Presence(make_database(settings), "api")
    _open(app, settings, running)
    running.start()
    presence.start()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # uvicorn raises it again, which would end all of this
    uvicorn.run(
        app,
        host=settings.http.host,
        port=settings.http.port,
        log_config=None,
        log_level="warning",  # below that it logs the addresses of sockets, which open pages of the console
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.http.proxies,
    )
    running.stop()
    presence.stop()
    metrics.close()
    tracing.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
