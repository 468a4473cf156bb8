"""The language models: who is asked in which order, and where each of them is."""

from typing import Self

from pydantic import SecretStr, model_validator

from settings.group import Group, env

PROVIDERS = ("openai", "anthropic", "gemini", "local")


class ModelSettings(Group):
    """What holds for all models; without any provider answers are quoted from the knowledge."""

    order_text: str = env("MODEL_ORDER", default=",".join(PROVIDERS))
    timeout: float = env("HTTPX_TIMEOUT", default=180.0, gt=0)
    connect_timeout: float = env("HTTPX_CONNECT_TIMEOUT", default=10.0, gt=0)
    cache_seconds: int = env("CACHE_TTL_SECONDS", default=600, ge=0, le=86_400)
    daily_budget: float = env("MODEL_DAILY_BUDGET", default=0.0, ge=0)
    stream: bool = env("STREAM_ANSWERS", default=True)
    entailment: bool = env("MODEL_CHECKS_ANSWERS", default=False)

    @model_validator(mode="after")
    def _known(self) -> Self:
        if not set(self.order) <= set(PROVIDERS) or len(set(self.order)) != len(self.order):
            raise ValueError(f"MODEL_ORDER: a list of {', '.join(PROVIDERS)}, each once at most, separated by commas")
        return self

    @property
    def order(self) -> tuple[str, ...]:
        """Names of providers, the first to be asked first."""
        return tuple(name for piece in self.order_text.split(",") if (name := piece.strip().lower()))


class OpenAiSettings(Group):
    """OpenAI, or a server that speaks its API."""

    key: SecretStr = env("OPENAI_API_KEY", default=SecretStr(""))
    base_url: str = env("OPENAI_BASE_URL", default="https://api.openai.com/v1")
    name: str = env("OPENAI_MODEL", default="gpt-5-mini")
    price_in: float = env("OPENAI_PRICE_IN", "MODEL_PRICE_IN", default=0.0, ge=0)
    price_out: float = env("OPENAI_PRICE_OUT", "MODEL_PRICE_OUT", default=0.0, ge=0)


class AnthropicSettings(Group):
    """Anthropic."""

    key: SecretStr = env("ANTHROPIC_API_KEY", default=SecretStr(""))
    base_url: str = env("ANTHROPIC_BASE_URL", default="https://api.anthropic.com")
    name: str = env("ANTHROPIC_MODEL", default="claude-haiku-4-5")
    price_in: float = env("ANTHROPIC_PRICE_IN", default=0.0, ge=0)
    price_out: float = env("ANTHROPIC_PRICE_OUT", default=0.0, ge=0)


class GeminiSettings(Group):
    """Google's Gemini, through its OpenAI-compatible address."""

    key: SecretStr = env("GOOGLE_API_KEY", default=SecretStr(""))
    base_url: str = env("GEMINI_BASE_URL", default="https://generativelanguage.googleapis.com/v1beta/openai/")
    name: str = env("GEMINI_MODEL", default="gemini-3.5-flash")
    price_in: float = env("GEMINI_PRICE_IN", default=0.0, ge=0)
    price_out: float = env("GEMINI_PRICE_OUT", default=0.0, ge=0)


class LocalModelSettings(Group):
    """A server of the bank's own that speaks OpenAI's API; it may want no key, but it has an address."""

    key: SecretStr = env("LOCAL_MODEL_API_KEY", default=SecretStr(""))
    base_url: str = env("LOCAL_MODEL_URL", default="")
    name: str = env("LOCAL_MODEL", default="")
    price_in: float = env("LOCAL_MODEL_PRICE_IN", default=0.0, ge=0)
    price_out: float = env("LOCAL_MODEL_PRICE_OUT", default=0.0, ge=0)

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.base_url and not self.name:
            raise ValueError("LOCAL_MODEL must name the model at LOCAL_MODEL_URL")
        return self
