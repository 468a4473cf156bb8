"""What the bot says of itself: name, descriptions and command menus."""

import re

from aiogram import methods, types

from sandbox.telegram.commands import scope_key
from sandbox.telegram.errors import BadRequestError
from sandbox.telegram.schema import Wire, dump, wire
from sandbox.telegram.server import BotServer

_COMMAND = re.compile(r"/?[a-z0-9_]{1,32}")
_COMMAND_DESCRIPTION_LIMIT = 256
_MOST_COMMANDS = 100
_DESCRIPTION_LIMIT = 512
_SHORT_DESCRIPTION_LIMIT = 120


def get_me(server: BotServer, _call: methods.GetMe) -> Wire:
    """Return the bot as a user."""
    abilities = dict.fromkeys(
        (
            "can_read_all_group_messages",
            "supports_inline_queries",
            "can_connect_to_business",
            "has_main_web_app",
            "has_topics_enabled",
            "allows_users_to_create_topics",
            "can_manage_bots",
        ),
        False,
    )
    return wire(types.User, {**server.world.bot, "can_join_groups": True, **abilities})


def set_my_commands(server: BotServer, call: methods.SetMyCommands) -> bool:
    """Set the menu of a scope and language."""
    if len(call.commands) > _MOST_COMMANDS:
        raise BadRequestError("BOT_COMMANDS_TOO_MUCH")
    for command in call.commands:
        if not _COMMAND.fullmatch(command.command):
            raise BadRequestError("BOT_COMMAND_INVALID")
        if not 1 <= len(command.description.strip()) <= _COMMAND_DESCRIPTION_LIMIT:
            raise BadRequestError("BOT_COMMAND_DESCRIPTION_INVALID")
    menu = [dump(command) | {"command": command.command.removeprefix("/")} for command in call.commands]
    server.world.menus.by_key[scope_key(call.scope, call.language_code)] = menu
    return True


def get_my_commands(server: BotServer, call: methods.GetMyCommands) -> list[Wire]:
    """Return the menu of exactly this scope and language."""
    return server.world.menus.by_key.get(scope_key(call.scope, call.language_code), [])


def delete_my_commands(server: BotServer, call: methods.DeleteMyCommands) -> bool:
    """Delete the menu of a scope and language."""
    server.world.menus.by_key.pop(scope_key(call.scope, call.language_code), None)
    return True


def _set(server: BotServer, field: str, language: str | None, text: str | None, limit: int) -> bool:
    if text is not None and len(text) > limit:
        raise BadRequestError(f"{field} is too long")
    server.world.profile.setdefault(field, {})[language or ""] = text or ""
    return True


def _get(server: BotServer, field: str, language: str | None) -> str:
    texts = server.world.profile.get(field, {})
    return texts.get(language or "") or texts.get("", "")


def set_my_description(server: BotServer, call: methods.SetMyDescription) -> bool:
    """Set what an empty chat shows."""
    return _set(server, "description", call.language_code, call.description, _DESCRIPTION_LIMIT)


def get_my_description(server: BotServer, call: methods.GetMyDescription) -> Wire:
    """Return what an empty chat shows."""
    return {"description": _get(server, "description", call.language_code)}


def set_my_short_description(server: BotServer, call: methods.SetMyShortDescription) -> bool:
    """Set what the bot's profile shows."""
    return _set(server, "short_description", call.language_code, call.short_description, _SHORT_DESCRIPTION_LIMIT)


def get_my_short_description(server: BotServer, call: methods.GetMyShortDescription) -> Wire:
    """Return what the bot's profile shows."""
    return {"short_description": _get(server, "short_description", call.language_code)}
