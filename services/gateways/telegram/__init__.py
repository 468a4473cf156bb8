"""Telegram as a messenger: what goes out through the Bot API."""

from services.gateways.telegram.channel import TelegramChannel

__all__ = ["TelegramChannel"]
