"""Puts the chain of language models together: settings → servers, each behind a breaker of its own."""

from config import Settings
from database.db import Database
from services.budget import DailyBudget
from services.drafts import ModelServer
from services.gateways.anthropic_service import AnthropicServer
from services.gateways.openai_service import OpenAiServer
from services.gateways.redis_breaker import RedisBreakerStore
from services.model_server import ServerOptions
from services.models import ModelChain, Provider
from services.privacy.server import PrivateServer
from services.wiring import make_redis
from settings.model import AnthropicSettings, GeminiSettings, LocalModelSettings, OpenAiSettings
from utils.breaker import Breaker

_MICRO = 1_000_000
_NO_KEY = "none"  # what a server of one's own is given that wants no key; the client insists on one

Chosen = OpenAiSettings | AnthropicSettings | GeminiSettings | LocalModelSettings


def make_model(settings: Settings, database: Database) -> ModelChain | None:
    """Return the chain of those models that the settings know, or None when there is none."""
    groups: dict[str, Chosen] = {
        "openai": settings.openai,
        "anthropic": settings.anthropic,
        "gemini": settings.gemini,
        "local": settings.local,
    }
    store = RedisBreakerStore(make_redis(settings))
    providers = [
        Provider(
            name=name,
            model=chosen.name,
            server=PrivateServer(_server(chosen, settings.model.connect_timeout), settings.protection.sight(name)),
            breaker=Breaker(f"model:{database.bot_id}:{name}", store=store),
            price_in=chosen.price_in,
            price_out=chosen.price_out,
        )
        for name in settings.model.order
        if _is_there(chosen := groups[name])
    ]
    if not providers:
        return None
    budget = DailyBudget(database, round(settings.model.daily_budget * _MICRO))
    return ModelChain(providers, budget, settings.model.timeout)


def _is_there(chosen: Chosen) -> bool:
    return bool(chosen.base_url if isinstance(chosen, LocalModelSettings) else chosen.key.get_secret_value())


def _server(chosen: Chosen, connect_timeout: float) -> ModelServer:
    key = chosen.key.get_secret_value() or _NO_KEY
    if isinstance(chosen, AnthropicSettings):
        return AnthropicServer(ServerOptions(key, chosen.base_url, chosen.name, connect_timeout))
    return OpenAiServer(ServerOptions(key, chosen.base_url, chosen.name, connect_timeout))
