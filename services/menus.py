"""The menus of commands that each person sees: everybody's in each language, and the staff's own."""

from logging import getLogger

from database.db import Database
from services.access import Permission, allowed
from services.errors import DeliveryError
from services.ports import Channel, Command, Words

_EVERYBODY = ("start", "help", "end", "lang", "mode", "reset", "privacy")
_STAFF = {"delete": Permission.TAKE_CHATS, "broadcast": Permission.BROADCAST, "admin": Permission.ADMINISTER}

_log = getLogger(__name__)


class Menus:
    """Tells the messenger which commands to offer whom."""

    def __init__(self, database: Database, channel: Channel, words: Words, language: str) -> None:
        self._database = database
        self._channel = channel
        self._words = words
        self._language = language

    async def publish(self) -> None:
        """Publish all menus; one that the messenger refuses (a member of the staff never wrote) is left out."""
        await self._offer(self._language, _EVERYBODY)
        for language in self._words.languages:
            await self._offer(language, _EVERYBODY, language_code=language)
        for chat_id, (language, commands) in self._staff().items():
            await self._offer(language, commands, chat_id=chat_id)

    def _staff(self) -> dict[int, tuple[str, tuple[str, ...]]]:
        with self._database.reading() as uow:
            held = uow.roles.all()
            users = {telegram_id: uow.users.get(telegram_id) for telegram_id in held}
        return {
            telegram_id: (
                (user.language if user else None) or self._language,
                (*_EVERYBODY, *(name for name, permission in _STAFF.items() if allowed(held[telegram_id], permission))),
            )
            for telegram_id, user in users.items()
        }

    async def _offer(
        self, language: str, names: tuple[str, ...], *, language_code: str | None = None, chat_id: int | None = None
    ) -> None:
        commands = [Command(name, self._words.text(language, f"menu.{name}")) for name in names]
        try:
            await self._channel.menu(commands, language_code=language_code, chat_id=chat_id)
        except DeliveryError as error:
            _log.info("a menu was not published", extra={"reason": error.reason})
