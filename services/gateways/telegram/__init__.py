"""Telegram as a messenger: what goes out through the Bot API, and the files that it keeps."""

from services.gateways.telegram.channel import TelegramChannel
from services.gateways.telegram.files import TelegramFiles

__all__ = ["TelegramChannel", "TelegramFiles"]
