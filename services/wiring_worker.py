"""Puts a worker together: settings → gateways → use cases. The only place that knows every part."""

from dataclasses import fields, replace
from datetime import datetime
from functools import partial

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
from services.policy import Policy
from services.queue_service import CeleryWakeups
from services.rates import Rates
from services.scrutiny import Scrutiny
from services.wiring import LOCALES, make_database, make_limiter, make_policy, make_redis, make_waiting_rules
from services.wiring_audit import make_clerk
from services.wiring_files import make_kept_files, make_storage
from services.wiring_index import IndexMaker
from services.wiring_models import make_model
from services.worker import Worker
from utils.i18n import Catalogues
from utils.settings import SettingsError

_CONNECTIONS = 64  # to the messenger; a few more than the pump has sends under way
_SHARE_OF_LEASE = 0.6  # of a message's lease that a send may take, so that nobody sends it again meanwhile


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


def make_own_policy(settings: Settings) -> Policy:
    """Return the rules of conversation with the holidays, which only workers need; raises SettingsError."""
    policy, file = make_policy(settings), settings.waiting.holidays
    if not file:
        return policy
    zone = settings.waiting.zone
    try:
        closures = read_holidays(ROOT / file, zone, datetime.now(zone).date())
    except HolidaysError as error:
        raise SettingsError([f"HOLIDAYS_FILE: {error}"]) from None
    return replace(policy, waiting=make_waiting_rules(settings, closures))


def make_worker(settings: Settings) -> Worker:
    """Return a worker's services, not yet started."""
    telegram, database = settings.telegram, make_database(settings)
    request = AiohttpRequest(_CONNECTIONS, connect_timeout=telegram.timeout, read_timeout=telegram.timeout)
    bot = Bot(
        telegram.token.get_secret_value(),
        base_url=f"{telegram.api_url}/bot",
        base_file_url=f"{telegram.api_url}/file/bot",
        request=request,
    )
    model, cache = make_model(settings, database), RedisCache(make_redis(settings))
    policy, wakeups = make_own_policy(settings), CeleryWakeups()
    storage = make_storage(settings)
    shelf = Shelf(storage, settings.knowledge.index_folder, database.bot_id)
    builder = IndexBuilder(database, shelf, make_indexes(settings, database))
    return Worker(
        database=database,
        channel=TelegramChannel(
            bot, min(telegram.timeout, _SHARE_OF_LEASE * settings.conversation.lease), Tables(database)
        ),
        connection=request,  # all that a sender needs: who the bot is was asked by the front
        limiter=make_limiter(settings),
        wakeups=wakeups,
        words=make_catalogues(settings),
        policy=policy,
        rates=Rates(telegram.rate, telegram.chat_rate, telegram.chat_burst),
        builder=builder,
        library=DatabaseLibrary(database, shelf, builder, policy.language, wakeups.knowledge),
        model=Entailing(model) if model and settings.model.entailment else model,
        summariser=model,
        scrutiny=make_scrutiny(settings),
        stream=settings.model.stream,
        answers=Answers(cache, database.vault, database.bot_id, settings.model.cache_seconds),
        clerk=make_clerk(settings, database, storage),
        files=make_kept_files(settings),
        knowledge=partial(twins, settings.knowledge.file, settings.conversation.language),
    )
