"""What Telegram demands of keyboards."""

from aiogram import types
from aiogram.types.reply_markup_union import ReplyMarkupUnion

from sandbox.telegram.chat import Chat
from sandbox.telegram.errors import BadRequestError
from sandbox.telegram.links import checked_url
from sandbox.telegram.schema import Wire, dump

CALLBACK_DATA_LIMIT = 64
MOST_BUTTONS = 100

_NAMING = {"inline_keyboard", "keyboard", "remove_keyboard", "force_reply"}
"""Each kind of markup is known by one of these; aiogram gives two of them a default."""


_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)


def checked_markup(markup: ReplyMarkupUnion | None, chat: Chat) -> Wire | None:
    """Return a keyboard in wire form; raise BadRequestError when Telegram would not take it in this chat."""
    if markup is None:
        return None
    if not _NAMING & markup.model_fields_set & type(markup).model_fields.keys():
        raise BadRequestError("can't parse reply keyboard markup JSON object")
    if isinstance(markup, types.InlineKeyboardMarkup):
        _check_inline(markup)
    elif isinstance(markup, types.ReplyKeyboardMarkup):
        _check_reply(markup, chat)
    return dump(markup)


def _check_inline(markup: types.InlineKeyboardMarkup) -> None:
    buttons = [button for row in markup.inline_keyboard for button in row]
    if len(buttons) > MOST_BUTTONS:
        raise BadRequestError("reply markup is too long")
    for button in buttons:
        _check_button(button)


def _check_button(button: types.InlineKeyboardButton) -> None:
    if not button.text.strip():
        raise BadRequestError("can't parse inline keyboard button: button text must be non-empty")
    actions = [name for name in _ACTIONS if getattr(button, name) is not None]
    if not actions:
        raise BadRequestError("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise BadRequestError("can't parse inline keyboard button: exactly one optional field must be used")
    if button.callback_data is not None and not 1 <= len(button.callback_data.encode()) <= CALLBACK_DATA_LIMIT:
        raise BadRequestError("BUTTON_DATA_INVALID")
    if button.url is not None and checked_url(button.url) is None:
        raise BadRequestError(f"inline keyboard button URL '{button.url}' is invalid: Wrong HTTP URL")


def _check_reply(markup: types.ReplyKeyboardMarkup, chat: Chat) -> None:
    buttons = [button for row in markup.keyboard for button in row]
    if not buttons:
        raise BadRequestError("keyboard must be non-empty")
    for button in buttons:
        if not button.text.strip():
            raise BadRequestError("can't parse keyboard button: button text must be non-empty")
        if chat.kind == "private":
            continue
        if button.request_contact:
            raise BadRequestError("phone number can be requested in private chats only")
        if button.request_location:
            raise BadRequestError("location can be requested in private chats only")
