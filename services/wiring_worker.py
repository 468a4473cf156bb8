"""Puts a worker together: settings → gateways → use cases. The only place that knows every part."""

from collections.abc import Hashable, Sequence
from dataclasses import fields
from datetime import datetime
from functools import partial
from logging import getLogger
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from telegram import Bot

from config import ROOT, Group, Settings
from contexts import context_manager
from contexts.asked import Asked
from database.db import Database
from services.broadcast.table import Tables
from services.cache import Answers
from services.embedding import Embedder
from services.entailment import Entailing
from services.gateways.aiohttp_request import AiohttpRequest
from services.gateways.holidays import HolidaysError, read_holidays
from services.gateways.pgvector_search import PgvectorBackend
from services.gateways.redis_cache import RedisCache
from services.gateways.sentence_model import SentenceModel
from services.gateways.telegram import TelegramChannel
from services.guard import OutputGuard
from services.knowledge.builder import IndexBuilder
from services.knowledge.library import DatabaseLibrary
from services.knowledge.load import twins
from services.knowledge.shelf import Shelf
from services.leftovers import Leftovers
from services.ports import Documents, OwnFiles, Words
from services.privacy_rights.documents import Papers
from services.privacy_rights.erasing import Eraser
from services.privacy_rights.outside import Outside
from services.queue_service import CeleryWakeups
from services.rates import Rates
from services.running.following import Following
from services.running.spoken import Spoken
from services.running.words import OwnWords
from services.scrutiny import Scrutiny
from services.upkeep import Upkeep
from services.wiring import LOCALES, make_database, make_limiter, make_redis
from services.wiring_archive import make_night
from services.wiring_audit import make_certifier, make_clerk
from services.wiring_files import make_kept_files, make_storage, make_uploads
from services.wiring_index import IndexMaker
from services.wiring_models import make_model
from services.wiring_running import EnvironmentDefaults, make_sheet
from services.worker import Worker
from utils.hours import Closure
from utils.i18n import Catalogues
from utils.settings import SettingsError

_CONNECTIONS = 64  # to the messenger; a few more than the pump has sends under way
_SHARE_OF_LEASE = 0.6  # of a message's lease that a send may take, so that nobody sends it again meanwhile

_log = getLogger(__name__)


def make_catalogues(settings: Settings) -> Catalogues:
    """Return what the bot says."""
    return Catalogues.load(LOCALES, default=settings.conversation.language)


def make_embedder(settings: Settings) -> Embedder | None:
    """Return the sentence model that a setting names, or None."""
    return SentenceModel(settings.knowledge.embedding_model) if settings.knowledge.embedding_model else None


def make_indexes(settings: Settings, database: Database) -> IndexMaker:
    """Return how indexes are made; raises SettingsError for pgvector without PostgreSQL."""
    model, name = make_embedder(settings), settings.knowledge.embedding_model
    if settings.knowledge.vector_backend == "faiss":
        return IndexMaker(model, name)
    if database.engine.dialect.name != "postgresql":
        raise SettingsError(["VECTOR_BACKEND: pgvector needs PostgreSQL, see DATABASE_URL"])
    return IndexMaker(model, name, PgvectorBackend(database))


def make_scrutiny(settings: Settings) -> Scrutiny:
    """Return what answers pass before they are said; none of them may tell a secret of the settings."""
    groups = (group for field in fields(settings) if isinstance(group := getattr(settings, field.name), Group))
    values = [value for group in groups for value in vars(group).values() if isinstance(value, SecretStr)]
    secrets = [part.strip() for value in values for part in value.get_secret_value().split(",")]
    instructions = context_manager.messages_for(Asked("", settings.conversation.language), ())[0]["content"]
    return Scrutiny(OutputGuard(settings.protection.link_hosts, secrets, instructions))


class Holidays:
    """The calendar that a setting names: read when asked, and the one read last while it cannot be."""

    def __init__(self, file: str) -> None:
        self._path = ROOT / file if file else None
        self._last: Sequence[Closure] = ()

    def read(self, zone: ZoneInfo) -> Sequence[Closure]:
        """Return when the desk is closed; raises HolidaysError."""
        if self._path is None:
            return ()
        return read_holidays(self._path, zone, datetime.now(zone).date())

    def closures(self, zone: ZoneInfo) -> Sequence[Closure]:
        """Return the same, or what was read last."""
        try:
            self._last = self.read(zone)
        except HolidaysError as error:
            _log.warning("the holidays cannot be read, the ones known before hold", extra={"error": str(error)})
        return self._last

    def stamp(self) -> Hashable:
        """Return what tells one state of the file from another."""
        try:
            found = self._path.stat() if self._path else None
        except OSError:
            return None
        return found and (found.st_mtime_ns, found.st_size)


def make_own_running(settings: Settings, database: Database, words: Catalogues) -> Following:
    """Return the running settings with what only workers need; raises SettingsError.

    That is the holidays, and the version of the consent text, which stands beside the text.
    """
    holidays = Holidays(settings.waiting.holidays)
    try:
        holidays.read(settings.waiting.zone)
    except HolidaysError as error:
        raise SettingsError([f"HOLIDAYS_FILE: {error}"]) from None
    version = words.text(settings.conversation.language, "consent.version")
    return Following(database, EnvironmentDefaults(settings, holidays.closures, holidays.stamp, version))


def make_channel(settings: Settings, files: OwnFiles, documents: Documents) -> tuple[TelegramChannel, AiohttpRequest]:
    """Return the messenger, and the connection that is all it needs open: who the bot is the front has asked."""
    telegram = settings.telegram
    request = AiohttpRequest(_CONNECTIONS, connect_timeout=telegram.timeout, read_timeout=telegram.timeout)
    bot = Bot(
        telegram.token.get_secret_value(),
        base_url=f"{telegram.api_url}/bot",
        base_file_url=f"{telegram.api_url}/file/bot",
        request=request,
    )
    timeout = min(telegram.timeout, _SHARE_OF_LEASE * settings.conversation.lease)
    return TelegramChannel(bot, timeout, files, documents), request


def _documents(database: Database, words: Words, language: str) -> Documents:
    """Return who makes a document that leaves: of a broadcast, or of a customer."""
    tables, papers = Tables(database), Papers(database, words, language)
    return lambda chat_id, source: (tables if source.startswith("broadcast") else papers)(chat_id, source)


def make_worker(settings: Settings) -> Worker:
    """Return a worker's services, not yet started."""
    telegram, database, catalogues = settings.telegram, make_database(settings), make_catalogues(settings)
    running, wakeups = make_own_running(settings, database, catalogues), CeleryWakeups()
    words, language = OwnWords(catalogues, running), settings.conversation.language
    own = make_uploads(settings, database, running)
    channel, connection = make_channel(settings, own, _documents(database, words, language))
    model, cache = make_model(settings, database), RedisCache(make_redis(settings))
    storage = make_storage(settings)
    shelf = Shelf(storage, settings.knowledge.index_folder, database.bot_id)
    builder = IndexBuilder(database, shelf, make_indexes(settings, database))
    library = DatabaseLibrary(database, shelf, builder, language, wakeups.knowledge)
    answers = Answers(cache, database.vault, database.bot_id, settings.model.cache_seconds)
    outside = Outside(storage, answers, library)
    return Worker(
        database=database,
        channel=channel,
        connection=connection,
        limiter=make_limiter(settings),
        wakeups=wakeups,
        spoken=Spoken(words, running, make_sheet(settings, catalogues)),
        rates=Rates(telegram.rate, telegram.chat_rate, telegram.chat_burst, telegram.paid),
        builder=builder,
        library=library,
        model=Entailing(model) if model and settings.model.entailment else model,
        summariser=model,
        scrutiny=make_scrutiny(settings),
        stream=settings.model.stream,
        answers=answers,
        upkeep=Upkeep(
            make_clerk(settings, database, storage), make_night(settings, database), Leftovers(database, storage)
        ),
        eraser=lambda tools: Eraser(database, tools, outside, make_certifier(settings)),
        files=make_kept_files(settings),
        own=own,
        knowledge=partial(twins, settings.knowledge.file, settings.conversation.language),
    )
