"""Puts a worker together: settings → gateways → use cases. The only place that knows every part."""

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from functools import partial
from logging import getLogger

from pydantic import SecretStr
from telegram import Bot

from config import Group, Settings
from contexts import context_manager
from services.gateways.aiohttp_request import AiohttpRequest
from services.gateways.character_search import CharacterSearch
from services.gateways.hashed_ngrams import HashedNgrams
from services.gateways.lexical_search import LexicalSearch
from services.gateways.redis_cache import RedisCache
from services.gateways.sentence_model import SentenceModel
from services.gateways.telegram import TelegramChannel
from services.gateways.vector_search import Embedder, VectorSearch
from services.guard import OutputGuard
from services.knowledge.grams import GramCounts, fold
from services.knowledge.load import twins
from services.knowledge.passages import Chunk, readable, searchable
from services.queue_service import CeleryWakeups
from services.rates import Rates
from services.retrieval import Index
from services.retrieval.legs import Legs, Weights
from services.retrieval.trial import tried
from services.scrutiny import Scrutiny
from services.wiring import LOCALES, make_database, make_limiter, make_policy, make_redis
from services.wiring_models import make_model
from services.worker import Worker
from utils.i18n import Catalogues

_CONNECTIONS = 64  # to the messenger; a few more than the pump has sends under way
_log = getLogger(__name__)

_SHARE_OF_LEASE = 0.6  # of a message's lease that a send may take, so that nobody sends it again meanwhile


def make_catalogues(settings: Settings) -> Catalogues:
    """Return what the bot says."""
    return Catalogues.load(LOCALES, default=settings.conversation.language)


def build_index(chunks: Sequence[Chunk], language: str, model: Embedder | None = None) -> Index:
    """Return the index of a language, with those legs that a trial on its own questions leaves.

    Without a sentence model, or with one that the trial leaves out, hashed character n-grams stand in its place.
    """
    weights = tried(chunks, partial(make_legs, language=language, model=model))
    _log.info("legs tried", extra={"language": language, **{f"weight_{k}": v for k, v in asdict(weights).items()}})
    return Index(chunks, replace(make_legs(chunks, language, model if weights.dense else None), weights=weights))


def make_legs(chunks: Sequence[Chunk], language: str, model: Embedder | None = None) -> Legs:
    """Return the legs over some chunks, all of them counting."""
    texts = [searchable(chunk) for chunk in chunks]
    folded = [fold(text) for text in texts]
    counts = GramCounts(folded)
    stems, characters = LexicalSearch(texts, language), CharacterSearch(folded, counts)
    if model is None:
        # Hashed n-grams are a poorer image of the characters, which are there themselves: they only propose.
        return Legs(stems, VectorSearch(texts, HashedNgrams(counts)), characters, Weights(dense=0.0))
    return Legs(stems, VectorSearch([readable(chunk) for chunk in chunks], model), characters)


def make_embedder(settings: Settings) -> Embedder | None:
    """Return the sentence model that a setting names, or None."""
    return SentenceModel(settings.knowledge.embedding_model) if settings.knowledge.embedding_model else None


def make_scrutiny(settings: Settings) -> Scrutiny:
    """Return what answers pass before they are said; none of them may tell a secret of the settings."""
    groups = (group for field in fields(settings) if isinstance(group := getattr(settings, field.name), Group))
    values = [value for group in groups for value in vars(group).values() if isinstance(value, SecretStr)]
    secrets = [part.strip() for value in values for part in value.get_secret_value().split(",")]
    instructions = context_manager.messages_for("", (), (), settings.conversation.language)[0]["content"]
    return Scrutiny(OutputGuard(settings.protection.link_hosts, secrets, instructions))


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
    model = make_model(settings, database)
    return Worker(
        database=database,
        channel=TelegramChannel(bot, min(telegram.timeout, _SHARE_OF_LEASE * settings.conversation.lease)),
        connection=request,  # all that a sender needs: who the bot is was asked by the front
        limiter=make_limiter(settings),
        wakeups=CeleryWakeups(),
        words=make_catalogues(settings),
        policy=make_policy(settings),
        rates=Rates(telegram.rate, telegram.chat_rate, telegram.chat_burst),
        build_index=partial(build_index, model=make_embedder(settings)),
        model=model,
        summariser=model,
        scrutiny=make_scrutiny(settings),
        stream=settings.model.stream,
        cache=RedisCache(make_redis(settings)),
        cache_seconds=settings.model.cache_seconds,
        knowledge=partial(twins, settings.knowledge.file, settings.conversation.language),
    )
