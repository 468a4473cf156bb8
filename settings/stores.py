"""Where the rows live, and the broker."""

from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr, model_validator
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from settings.group import ROOT, Group, env, quoted


class DatabaseSettings(Group):
    """Where the rows live: SQLite in `data/` unless DATABASE_URL or the POSTGRES_ variables say otherwise.

    `owner_url` is the account that owns the tables, for migrations alone; empty where the product itself owns them.
    """

    url: SecretStr = env("DATABASE_URL", default=SecretStr(""))
    owner_url: SecretStr = env("MIGRATION_DATABASE_URL", default=SecretStr(""))
    pool_size: int = env("DATABASE_POOL_SIZE", default=10, ge=1)

    @model_validator(mode="before")
    @classmethod
    def _from_parts(cls, values: dict[str, Any]) -> dict[str, Any]:
        url, owner = str(values.get("DATABASE_URL") or ""), str(values.get("MIGRATION_DATABASE_URL") or "")
        if not url and (host := values.get("DB_HOST")):
            place = f"{host}/{values.get('POSTGRES_DB', 'bot')}"
            url = _postgres(values.get("POSTGRES_USER", "postgres"), values.get("POSTGRES_PASSWORD", ""), place)
            if not owner and (password := values.get("POSTGRES_OWNER_PASSWORD")):
                owner = _postgres(values.get("POSTGRES_OWNER", "bank_owner"), password, place)
        url = url or f"sqlite:///{ROOT / 'data' / 'bot.db'}"
        addresses = {"DATABASE_URL": url, "MIGRATION_DATABASE_URL": owner}
        return {**values, **{name: _checked(name, address) for name, address in addresses.items()}}


def _postgres(user: Any, password: Any, place: str) -> str:
    return f"postgresql+psycopg://{quoted(user)}:{quoted(password)}@{place}"


def _checked(name: str, url: str) -> str:
    for old in ("postgres://", "postgresql://"):
        if url.startswith(old):
            url = "postgresql+psycopg://" + url.removeprefix(old)
    try:
        if url:
            make_url(url)
    except (ArgumentError, ValueError):  # a port that is no number; its message may quote the password
        raise ValueError(f"{name} must look like postgresql://user:password@host/name") from None
    return url


class RedisSettings(Group):
    """The broker of wake-ups and the counters of the limits; nothing that may not be lost."""

    url: SecretStr = env("REDIS_URL", default=SecretStr(""))
    broker: SecretStr = env("CELERY_BROKER_URL", default=SecretStr(""))

    @model_validator(mode="before")
    @classmethod
    def _from_parts(cls, values: dict[str, Any]) -> dict[str, Any]:
        secret = f":{quoted(password)}@" if (password := values.get("REDIS_PASSWORD")) else ""
        place = f"{values.get('REDIS_HOST', '127.0.0.1')}:{values.get('REDIS_PORT', 6379)}"
        url = values.get("REDIS_URL") or f"redis://{secret}{place}/{values.get('REDIS_DB', 0)}"
        try:
            urlsplit(url).port  # noqa: B018 - reading it is the check
        except ValueError:
            raise ValueError("REDIS_URL (or REDIS_PORT): the port is not a number") from None
        return {**values, "REDIS_URL": url, "CELERY_BROKER_URL": values.get("CELERY_BROKER_URL") or url}
