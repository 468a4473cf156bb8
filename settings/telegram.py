"""How the bot talks to Telegram."""

import re
from typing import Annotated, Self

from pydantic import SecretStr, model_validator

from settings.group import Group, env
from utils.settings import Choices

_ADDRESS = re.compile(r"https://\S+|http://127\.0\.0\.1(?::\d+)?(?:/\S*)?")  # without TLS on this machine alone
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")  # Bot API, setWebhook, "secret_token"; 16 are about 96 bits


class TelegramSettings(Group):
    """How the bot talks to Telegram and how it hears from it."""

    token: SecretStr = env("BOT_TOKEN", "TELEGRAM_BOT_TOKEN")
    api_url: str = env("TELEGRAM_API_URL", default="https://api.telegram.org")
    ingest: Annotated[str, Choices("polling", "webhook")] = env("INGEST", default="polling")
    webhook_url: str = env("WEBHOOK_URL", default="")
    webhook_secret: SecretStr = env("WEBHOOK_SECRET", default=SecretStr(""))
    webhook_host: str = env("WEBHOOK_HOST", default="127.0.0.1")
    webhook_port: int = env("WEBHOOK_PORT", default=8443, ge=1, le=65535)
    timeout: float = env("TELEGRAM_TIMEOUT", default=8.0, gt=0, le=15)
    rate: float = env("TELEGRAM_RATE", default=30.0, gt=0)
    paid: bool = env("TELEGRAM_PAID_BROADCASTS", default=False)
    chat_rate: float = env("TELEGRAM_CHAT_RATE", default=1.0, gt=0)
    chat_burst: int = env("TELEGRAM_CHAT_BURST", default=3, ge=1)

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
            if not _ADDRESS.fullmatch(self.webhook_url):
                raise ValueError("WEBHOOK_URL must be an https:// address when INGEST=webhook")
            if not _SECRET.fullmatch(self.webhook_secret.get_secret_value()):
                raise ValueError("WEBHOOK_SECRET must have 16 to 256 of A-Z, a-z, 0-9, _ and - when INGEST=webhook")
        return self
