"""What happens around messages: actions, pins, answers to buttons, and the chat itself."""

from aiogram import methods, types
from aiogram.enums import ChatAction

from sandbox.telegram.errors import BadRequestError
from sandbox.telegram.schema import Wire, wire
from sandbox.telegram.server import BotServer

_TOAST_LIMIT = 200
_ACCENT_COLORS = 7
_MOST_REACTIONS = 11
_ACTIONS = frozenset(ChatAction)


def send_chat_action(server: BotServer, call: methods.SendChatAction) -> bool:
    """Show that the bot is typing or the like."""
    chat = server.world.reachable(call.chat_id)
    if call.action not in _ACTIONS:
        raise BadRequestError("wrong parameter action in request")
    chat.actions.append(server.world.notice(chat, {"action": str(call.action)}))
    server.world.noticed(chat)
    return True


def answer_callback_query(server: BotServer, call: methods.AnswerCallbackQuery) -> bool:
    """Answer a pressed button: once, and in time."""
    if call.text is not None and len(call.text) > _TOAST_LIMIT:
        raise BadRequestError("MESSAGE_TOO_LONG")
    chat = server.world.chat(server.world.queries.answer(call.callback_query_id))
    body = {
        "callback_query_id": call.callback_query_id,
        "text": call.text,
        "show_alert": bool(call.show_alert),
    }
    chat.toasts.append(server.world.notice(chat, {**body, "url": call.url}))
    server.world.noticed(chat)
    return True


def get_chat(server: BotServer, call: methods.GetChat) -> Wire:
    """Return all about a chat."""
    chat = server.world.reachable(call.chat_id)
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
        False,
    )
    full: Wire = {
        **chat.wire(),
        "accent_color_id": abs(chat.id) % _ACCENT_COLORS,
        "max_reaction_count": _MOST_REACTIONS,
        "accepted_gift_types": gifts,
    }
    if chat.pinned and (message := chat.find(chat.pinned[-1])):
        full["pinned_message"] = message.wire
    return wire(types.ChatFullInfo, full)


def pin_chat_message(server: BotServer, call: methods.PinChatMessage) -> bool:
    """Pin a message on top of the chat."""
    chat = server.world.reachable(call.chat_id)
    if chat.find(call.message_id) is None:
        raise BadRequestError("message to pin not found")
    if call.message_id in chat.pinned:
        chat.pinned.remove(call.message_id)
    chat.pinned.append(call.message_id)
    server.world.noticed(chat)
    return True


def unpin_chat_message(server: BotServer, call: methods.UnpinChatMessage) -> bool:
    """Take a pinned message down: the one named, else the newest."""
    chat = server.world.reachable(call.chat_id)
    message_id = call.message_id or (chat.pinned[-1] if chat.pinned else 0)
    if message_id not in chat.pinned:
        raise BadRequestError("message to unpin not found")
    chat.pinned.remove(message_id)
    server.world.noticed(chat)
    return True
