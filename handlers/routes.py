"""The one table of routes: what arrives → permission → handler → job."""

from collections.abc import Callable
from dataclasses import dataclass

from telegram import Message, MessageEntity, Update
from telegram.constants import ChatType

from handlers.telegram import admin, broadcast, buttons, commands, contents, desk, messages, privacy, waiting
from services.access import Permission
from services.jobs import Job

OPERATING = (  # commands of an operator
    *("online", "away", "logout", "next", "use", "done", "history", "queue"),
    *("transfer", "escalate", "note", "canned"),
)
MESSAGE = "message"  # the limit of everything that is no command


@dataclass(frozen=True)
class Route:
    """One row: `key` says what arrives, `limit` which rate it counts against."""

    key: str
    permission: Permission
    handler: Callable[[Update], Job]
    limit: str = MESSAGE


ROUTES = (
    Route("/start", Permission.TALK, commands.start, "start"),
    Route("/help", Permission.TALK, commands.help_, "help"),
    Route("/end", Permission.TALK, commands.end, "end"),
    Route("/lang", Permission.TALK, commands.language, "lang"),
    Route("/mode", Permission.TALK, commands.mode, "mode"),
    Route("/reset", Permission.TALK, commands.reset, "reset"),
    Route("/test", Permission.TEST_AI, commands.test, "test"),
    Route("/privacy", Permission.TALK, commands.privacy, "privacy"),
    Route("/delete", Permission.TAKE_CHATS, commands.take_back, "delete"),
    Route("/broadcast", Permission.BROADCAST, broadcast.command, "broadcast"),
    Route("/cancel", Permission.TALK, broadcast.cancel, "cancel"),
    Route("/subscribe", Permission.TALK, broadcast.subscribe, "subscribe"),
    Route("/unsubscribe", Permission.TALK, broadcast.unsubscribe, "unsubscribe"),
    Route("/admin", Permission.ADMINISTER, admin.command, "admin"),
    Route("/operator", Permission.TALK, desk.sign_in, "operator"),
    *(Route(f"/{act}", Permission.TAKE_CHATS, desk.command, act) for act in OPERATING),
    *(Route(f"/{act}", Permission.SUPERVISE, desk.command, act) for act in ("desk", "watch")),
    Route("/operators", Permission.ADMINISTER, desk.command, "operators"),
    Route("/", Permission.TALK, commands.unknown),
    Route("button:lang", Permission.TALK, buttons.language),
    Route("button:consent", Permission.TALK, buttons.consent),
    Route("button:phone", Permission.TALK, buttons.phone),
    Route("button:person", Permission.TALK, buttons.person, "help"),
    Route("button:mode", Permission.TALK, buttons.mode),
    Route("button:take", Permission.TAKE_CHATS, buttons.take),
    Route("button:desk", Permission.TAKE_CHATS, desk.button),
    Route("button:operators", Permission.ADMINISTER, desk.operators),
    Route("button:here", Permission.TALK, desk.here),
    Route("button:broadcast", Permission.BROADCAST, broadcast.button),
    Route("button:subscribe", Permission.TALK, broadcast.subscription),
    Route("button:admin", Permission.ADMINISTER, admin.button),
    Route("button:ai", Permission.ADMINISTER, buttons.switch_ai),
    Route("button:rate", Permission.TALK, waiting.rate),
    Route("button:comment", Permission.TALK, waiting.comment),
    Route("button:thumb", Permission.TALK, waiting.thumb),
    Route("button:wait", Permission.TALK, waiting.wait),
    Route("button:callback", Permission.TALK, waiting.callback),
    Route("button:called", Permission.TAKE_CHATS, waiting.called),
    Route("button:privacy", Permission.TALK, privacy.press, "privacy"),
    Route("button:", Permission.TALK, buttons.stale),
    Route("text", Permission.TALK, messages.text),
    Route("contact", Permission.TALK, messages.contact),
    Route("shared", Permission.TALK, messages.shared),
    Route("edited", Permission.TALK, messages.edited),
    Route("unsupported", Permission.TALK, messages.unsupported),
    Route("membership", Permission.TALK, messages.membership),
)
_BY_KEY = {route.key: route for route in ROUTES}
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")


def match(update: Update) -> Route | None:
    """Return the route of an update, or None for what the bot has no business with, such as groups."""
    chat, sender = update.effective_chat, update.effective_user
    if chat is None or sender is None or chat.type != ChatType.PRIVATE:
        return None
    key = _key(update)
    if key is None:
        return None
    return _BY_KEY.get(key) or _BY_KEY.get("/" if key.startswith("/") else "button:")


def _kind(message: Message) -> str:
    if message.contact:
        return "contact"
    return "shared" if contents.file(message) or contents.place(message) else "unsupported"


def _key(update: Update) -> str | None:
    if query := update.callback_query:
        return "button:" + (query.data or "").partition(":")[0]
    if message := update.message:
        entities = message.entities
        if entities and entities[0].type == MessageEntity.BOT_COMMAND and entities[0].offset == 0:
            return (message.text or "")[: entities[0].length].partition("@")[0].lower()
        if message.text is not None:
            return "text"
        return _kind(message)
    if changed := update.edited_message:
        return None if changed.location else "edited"  # a place that moves tells so every few seconds
    return "membership" if update.my_chat_member else None
