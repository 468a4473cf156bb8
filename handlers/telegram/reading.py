"""Reading: updates as Telegram sends them, each by itself, so that one of an unknown form holds up no other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from logging import getLogger
from typing import Any

from telegram import Bot, Update
from telegram.constants import ChatType

_log = getLogger(__name__)


@dataclass(frozen=True)
class Unreadable:
    """An update whose form the bot does not know; `chat_id` is 0 where it does not say whose it is."""

    update_id: int
    chat_id: int = 0


class ReadingBot(Bot):
    """A bot that hands out updates as they came: Bot.get_updates fails as a whole, and logs what it could not read."""

    async def raw_updates(
        self, offset: int | None, wait: int, limit: int, allowed_updates: Sequence[str]
    ) -> list[dict[str, Any]]:
        """Ask for updates, waiting some seconds for one (Bot API, getUpdates); raises TelegramError."""
        asked = {"offset": offset, "timeout": wait, "limit": limit, "allowed_updates": list(allowed_updates)}
        given = await self._post("getUpdates", asked)
        return given if isinstance(given, list) else []


def read(raw: Mapping[str, Any], bot: Bot) -> Update | Unreadable | None:
    """Return an update, or what is known of one that cannot be read; None for what is no update at all."""
    try:
        return Update.de_json(dict(raw), bot)
    except Exception as error:  # noqa: BLE001 - whatever it is, the updates behind this one must not wait for it
        update_id = raw.get("update_id")
        _log.error("an update could not be read", extra={"error": type(error).__name__, "update": update_id})
        return Unreadable(update_id, _private_chat(raw)) if isinstance(update_id, int) else None


def _private_chat(raw: Mapping[str, Any]) -> int:
    """Return the private chat that an update comes from, or 0."""
    for part in raw.values():
        if not isinstance(part, Mapping):
            continue
        inner = part.get("message") if isinstance(part.get("message"), Mapping) else {}
        chat = part.get("chat") or (inner or {}).get("chat")
        if isinstance(chat, Mapping) and chat.get("type") == ChatType.PRIVATE and isinstance(chat.get("id"), int):
            return int(chat["id"])
    return 0
