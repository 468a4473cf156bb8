"""The language model."""

from pydantic import SecretStr

from settings.group import Group, env


class ModelSettings(Group):
    """The language model; without a key answers are quoted from the knowledge."""

    key: SecretStr = env("OPENAI_API_KEY", default=SecretStr(""))
    base_url: str = env("OPENAI_BASE_URL", default="https://api.openai.com/v1")
    name: str = env("OPENAI_MODEL", default="gpt-5-mini")
    timeout: float = env("HTTPX_TIMEOUT", default=180.0, gt=0)
    connect_timeout: float = env("HTTPX_CONNECT_TIMEOUT", default=10.0, gt=0)
    cache_seconds: int = env("CACHE_TTL_SECONDS", default=600, ge=0, le=86_400)
    price_in: float = env("MODEL_PRICE_IN", default=0.0, ge=0)
    price_out: float = env("MODEL_PRICE_OUT", default=0.0, ge=0)
