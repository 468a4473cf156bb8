"""The menus of commands that each person sees: everybody's in each language, and the staff's own."""

import asyncio
from logging import getLogger

from database.db import Database
from services.access import Permission, allowed
from services.errors import DeliveryError
from services.ports import Channel, Command, Words
from services.running.port import RunningSettings

_EVERYBODY = ("start", "help", "end", "lang", "mode", "reset", "privacy", "unsubscribe", "subscribe")
_OPERATING = (
    *("online", "away", "next", "queue", "use", "done", "history", "transfer", "escalate", "note", "canned", "logout"),
    "delete",
)
_STAFF = {
    "desk": Permission.SUPERVISE,
    "watch": Permission.SUPERVISE,
    "broadcast": Permission.BROADCAST,
    "test": Permission.TEST_AI,
    "cancel": Permission.BROADCAST,
    "admin": Permission.ADMINISTER,
    "operators": Permission.ADMINISTER,
}
REFRESH = 2.0  # seconds between two looks for roles and sessions that changed (contract.md, "Timing")

_Menu = tuple[str, tuple[str, ...], bool]

_log = getLogger(__name__)


class Menus:
    """Tells the messenger which commands to offer whom."""

    def __init__(self, database: Database, channel: Channel, words: Words, running: RunningSettings) -> None:
        self._database = database
        self._channel = channel
        self._words = words
        self._running = running
        self._offered: dict[int, _Menu] = {}

    async def publish(self) -> None:
        """Publish all menus; one that the messenger refuses (a member of the staff never wrote) is left out."""
        await self._offer(self._running.policy.language, _EVERYBODY)
        for language in self._words.languages:
            await self._offer(language, _EVERYBODY, language_code=language)
        await self.refresh()

    async def refresh(self) -> None:
        """Publish the staff's own menus where they changed since the last look, and take them from who left."""
        staff = await asyncio.to_thread(self._staff)
        before, self._offered = self._offered, staff
        gone = {chat_id: (language, _EVERYBODY, True) for chat_id, (language, *_) in before.items()}
        for chat_id, menu in (gone | staff).items():
            if before.get(chat_id) != menu:
                await self._offer(menu[0], menu[1], chat_id=chat_id)

    def _staff(self) -> dict[int, _Menu]:
        """Return the staff's menus; the last part is whether the person is known to the bot, so can have one."""
        with self._database.reading() as uow:
            held, signed = uow.roles.all(), uow.operators.signatures()
            languages = uow.desk.languages(held)
        found = {}
        for telegram_id in held:
            has_pin, signed_in = signed.get(telegram_id, (False, False))
            shut = (has_pin or self._running.policy.desk.pin_required) and not signed_in
            names = [name for name, permission in _STAFF.items() if allowed(held[telegram_id], permission)]
            if allowed(held[telegram_id], Permission.TAKE_CHATS):
                operating = ("operator",) if shut else _OPERATING
                names = [*operating, *(name for name in names if not (shut and name in {"desk", "watch"}))]
            language = languages.get(telegram_id) or self._running.policy.language
            found[telegram_id] = (language, (*_EVERYBODY, *names), telegram_id in languages)
        return found

    async def _offer(
        self, language: str, names: tuple[str, ...], *, language_code: str | None = None, chat_id: int | None = None
    ) -> None:
        commands = [Command(name, self._words.text(language, f"menu.{name}")) for name in names]
        try:
            await self._channel.menu(commands, language_code=language_code, chat_id=chat_id)
        except DeliveryError as error:
            _log.info("a menu was not published", extra={"reason": error.reason})
