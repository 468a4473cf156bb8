"""Typed settings of every process, read from the environment, `.env` and secret files; one group per concern.

Only composition roots (`bot.py`, `api.py`, `manage.py`, the worker's wiring) call `load_settings`.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import quote, urlsplit

from dotenv import dotenv_values
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from utils.encryption import BlindIndex, EncryptionError, Keyring
from utils.settings import Choices, SettingsError, explain, read_secret_files, reject_placeholder

ROOT = Path(__file__).resolve().parent
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")  # Bot API, setWebhook, "secret_token"; 16 are about 96 bits


def _env(name: str, *aliases: str, **field: Any) -> Any:
    """Return a field read from the variable `name`, or from an older name that users know."""
    return Field(validation_alias=AliasChoices(name, *aliases), **field)


class Group(BaseModel):
    """A frozen set of settings; variables of other groups are none of its business."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class TelegramSettings(Group):
    """How the bot talks to Telegram and how it hears from it."""

    token: SecretStr = _env("BOT_TOKEN", "TELEGRAM_BOT_TOKEN")
    api_url: str = _env("TELEGRAM_API_URL", default="https://api.telegram.org")
    ingest: Annotated[str, Choices("polling", "webhook")] = _env("INGEST", default="polling")
    webhook_url: str = _env("WEBHOOK_URL", default="")
    webhook_secret: SecretStr = _env("WEBHOOK_SECRET", default=SecretStr(""))
    webhook_host: str = _env("WEBHOOK_HOST", default="127.0.0.1")
    webhook_port: int = _env("WEBHOOK_PORT", default=8443, ge=1, le=65535)
    timeout: float = _env("TELEGRAM_TIMEOUT", default=8.0, gt=0, le=15)
    rate: float = _env("TELEGRAM_RATE", default=30.0, gt=0)
    chat_rate: float = _env("TELEGRAM_CHAT_RATE", default=1.0, gt=0)
    chat_burst: int = _env("TELEGRAM_CHAT_BURST", default=3, ge=1)

    @property
    def bot_id(self) -> int:
        """Telegram's number of this bot: the part of the token before the colon."""
        return int(self.token.get_secret_value().partition(":")[0])

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        number, colon, secret = self.token.get_secret_value().partition(":")
        if not (number.isdecimal() and colon and len(secret) >= 30):  # noqa: PLR2004 - Telegram's secrets have 35
            raise ValueError("BOT_TOKEN must look like 123456:AA…; @BotFather gives one")
        if self.ingest == "webhook":
            if not self.webhook_url.startswith("https://") and "127.0.0.1" not in self.webhook_url:
                raise ValueError("WEBHOOK_URL must be an https:// address when INGEST=webhook")
            if not _SECRET.fullmatch(self.webhook_secret.get_secret_value()):
                raise ValueError("WEBHOOK_SECRET must have 16 to 256 of A-Z, a-z, 0-9, _ and - when INGEST=webhook")
        return self


class DatabaseSettings(Group):
    """Where the rows live: SQLite in `data/` unless DATABASE_URL or the POSTGRES_ variables say otherwise."""

    url: SecretStr = _env("DATABASE_URL", default=SecretStr(""))
    pool_size: int = _env("DATABASE_POOL_SIZE", default=10, ge=1)

    @model_validator(mode="before")
    @classmethod
    def _from_parts(cls, values: dict[str, Any]) -> dict[str, Any]:
        url = str(values.get("DATABASE_URL") or "")
        if not url and (host := values.get("DB_HOST")):
            account = (
                f"{_quoted(values.get('POSTGRES_USER', 'postgres'))}:{_quoted(values.get('POSTGRES_PASSWORD', ''))}"
            )
            url = f"postgresql+psycopg://{account}@{host}/{values.get('POSTGRES_DB', 'bot')}"
        url = url or f"sqlite:///{ROOT / 'data' / 'bot.db'}"
        for old in ("postgres://", "postgresql://"):
            if url.startswith(old):
                url = "postgresql+psycopg://" + url.removeprefix(old)
        try:
            make_url(url)
        except (ArgumentError, ValueError):  # a port that is no number; its message may quote the password
            raise ValueError("DATABASE_URL must look like postgresql://user:password@host/name") from None
        return {**values, "DATABASE_URL": url}


class RedisSettings(Group):
    """The broker of wake-ups and the counters of the limits; nothing that may not be lost."""

    url: SecretStr = _env("REDIS_URL", default=SecretStr(""))
    broker: SecretStr = _env("CELERY_BROKER_URL", default=SecretStr(""))

    @model_validator(mode="before")
    @classmethod
    def _from_parts(cls, values: dict[str, Any]) -> dict[str, Any]:
        secret = f":{_quoted(password)}@" if (password := values.get("REDIS_PASSWORD")) else ""
        place = f"{values.get('REDIS_HOST', '127.0.0.1')}:{values.get('REDIS_PORT', 6379)}"
        url = values.get("REDIS_URL") or f"redis://{secret}{place}/{values.get('REDIS_DB', 0)}"
        try:
            urlsplit(url).port  # noqa: B018 - reading it is the check
        except ValueError:
            raise ValueError("REDIS_URL (or REDIS_PORT): the port is not a number") from None
        return {**values, "REDIS_URL": url, "CELERY_BROKER_URL": values.get("CELERY_BROKER_URL") or url}


class SecuritySettings(Group):
    """Keys that protect what is stored, newest first, separated by commas; `manage.py keys new` makes one."""

    encryption_keys: SecretStr = _env("ENCRYPTION_KEY")
    index_keys: SecretStr = _env("BLIND_INDEX_KEY")

    @model_validator(mode="after")
    def _usable(self) -> Self:
        try:
            Keyring(self.encryption)
        except (EncryptionError, ValueError):
            raise ValueError("ENCRYPTION_KEY: not a list of different keys; `manage.py keys new` makes one") from None
        try:
            BlindIndex(*self.index[:2])
        except (EncryptionError, ValueError, TypeError):
            raise ValueError("BLIND_INDEX_KEY: not a key; `manage.py keys new` makes one") from None
        return self

    @property
    def encryption(self) -> list[str]:
        """Encryption keys, newest first."""
        return _listed(self.encryption_keys)

    @property
    def index(self) -> list[str]:
        """Keys of the phone's blind index: the current one, and the one before while it rotates."""
        return _listed(self.index_keys)


class ConversationSettings(Group):
    """How the bot behaves towards a customer."""

    language: str = _env("DEFAULT_LANGUAGE", default="ru")
    region: str = _env("DEFAULT_REGION", default="RU", min_length=2, max_length=2)
    consent_version: str = _env("CONSENT_VERSION", default="2026-11")
    answer_unregistered: bool = _env("ANSWER_UNREGISTERED", default=True)
    debounce: float = _env("DEBOUNCE_SECONDS", default=0.8, ge=0, le=30)
    debounce_max: float = _env("DEBOUNCE_MAX_SECONDS", default=2.5, ge=0, le=60)
    lease: float = _env("LEASE_SECONDS", default=20.0, ge=1, le=300)
    history: int = _env("HISTORY_LIMIT", default=10, ge=0, le=100)
    messages_per_minute: int = _env("USER_MESSAGES_PER_MINUTE", default=20, ge=1)
    commands_per_minute: int = _env("USER_COMMANDS_PER_MINUTE", default=10, ge=1)


class ModelSettings(Group):
    """The language model; without a key answers are quoted from the knowledge."""

    key: SecretStr = _env("OPENAI_API_KEY", default=SecretStr(""))
    base_url: str = _env("OPENAI_BASE_URL", default="https://api.openai.com/v1")
    name: str = _env("OPENAI_MODEL", default="gpt-5-mini")
    timeout: float = _env("HTTPX_TIMEOUT", default=180.0, gt=0)
    connect_timeout: float = _env("HTTPX_CONNECT_TIMEOUT", default=10.0, gt=0)
    price_in: float = _env("MODEL_PRICE_IN", default=0.0, ge=0)
    price_out: float = _env("MODEL_PRICE_OUT", default=0.0, ge=0)


class KnowledgeSettings(Group):
    """What the bot knows: a file in the default language and its twins beside it (`context.en.txt`)."""

    file: Path = _env("CONTEXT_FILE", default=ROOT / "context.txt")


class ObservabilitySettings(Group):
    """Logs, metrics and traces."""

    log_level: Annotated[str, Choices("DEBUG", "INFO", "WARNING", "ERROR")] = _env("LOG_LEVEL", "LEVEL", default="INFO")
    log_folder: Path = _env("LOG_DIR", default=ROOT / "logs")
    metrics_folder: Path = _env("PROMETHEUS_MULTIPROC_DIR", default=ROOT / "data" / "metrics")
    metrics_in_process: bool = _env("METRICS_IN_PROCESS", default=False)
    metrics_host: str = _env("METRICS_HOST", default="127.0.0.1")
    metrics_port: int = _env("METRICS_PORT", default=9090, ge=1, le=65535)
    traces_exporter: str = _env("OTEL_TRACES_EXPORTER", default="none")
    traces_endpoint: str = _env("OTEL_EXPORTER_OTLP_ENDPOINT", default="http://127.0.0.1:4318")
    traces_ratio: float = _env("OTEL_TRACES_SAMPLER_ARG", default=1.0, ge=0, le=1)


class HttpSettings(Group):
    """Where the HTTP front listens."""

    host: str = _env("HTTP_HOST", default="127.0.0.1")
    port: int = _env("HTTP_PORT", default=8000, ge=1, le=65535)


@dataclass(frozen=True)
class Settings:
    """All groups together."""

    demo: bool
    telegram: TelegramSettings
    database: DatabaseSettings
    redis: RedisSettings
    security: SecuritySettings
    conversation: ConversationSettings
    model: ModelSettings
    knowledge: KnowledgeSettings
    observability: ObservabilitySettings
    http: HttpSettings


def _listed(value: SecretStr) -> list[str]:
    return [part for part in (piece.strip() for piece in value.get_secret_value().split(",")) if part]


def _quoted(part: Any) -> str:
    return quote(str(part), safe="")


def _gather(environment: Mapping[str, str] | None) -> dict[str, str]:
    """Return variables as the process sees them: environment over `.env`, empty ones left out, `X_FILE` read."""
    if environment is None:
        known = {name: value for name, value in dotenv_values(ROOT / ".env").items() if value}
        environment = {**known, **os.environ}
    return read_secret_files({name: value for name, value in environment.items() if value.strip()})


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read and check all settings.

    Raises SettingsError naming each variable that is missing or wrong, and the fix.
    """
    values = _gather(environment)
    demo = values.get("DEMO", "").lower() in {"1", "true", "yes"}
    groups: dict[str, Group] = {}
    complaints: list[str] = []
    for name, kind in Settings.__annotations__.items():
        if name == "demo":
            continue
        try:
            groups[name] = kind.model_validate(values)
        except ValidationError as error:
            complaints += explain(error)
    if not demo:
        names = ("BOT_TOKEN", "TELEGRAM_BOT_TOKEN", "ENCRYPTION_KEY", "BLIND_INDEX_KEY", "WEBHOOK_SECRET")
        complaints += reject_placeholder({name: values.get(name, "") for name in names})
    if complaints:
        raise SettingsError(complaints)
    return Settings(demo=demo, **groups)  # type: ignore[arg-type]  # each name is validated by its own annotation
