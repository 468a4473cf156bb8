"""Command menus: by scope and language, and which of them a person sees."""

from dataclasses import dataclass, field
from typing import Any

from aiogram.types import (
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatAdministrators,
    BotCommandScopeChatMember,
    BotCommandScopeDefault,
)
from aiogram.types.bot_command_scope_union import BotCommandScopeUnion

Key = tuple[str, int, str]
"""Scope's type, its chat (0 where it has none) and language (empty for all)."""


def scope_key(scope: BotCommandScopeUnion | None, language_code: str | None) -> Key:
    """Return the key under which a menu is kept."""
    if scope is None:
        scope = BotCommandScopeDefault()
    chat_id = 0
    if isinstance(scope, BotCommandScopeChat | BotCommandScopeChatAdministrators | BotCommandScopeChatMember):
        chat_id = int(scope.chat_id)
    return scope.type, chat_id, language_code or ""


@dataclass(slots=True)
class Menus:
    """The menus that the bot has set."""

    by_key: dict[Key, list[dict[str, Any]]] = field(default_factory=dict)

    def visible(self, person_id: int, language_code: str) -> list[dict[str, Any]]:
        """Return the menu of a private chat: the narrowest scope first, a language before all languages.

        Order: core.telegram.org/bots/api#determining-list-of-commands
        """
        language = language_code.split("-", maxsplit=1)[0].lower()
        scopes = ((BotCommandScopeChat(chat_id=person_id).type, person_id),)
        for kind, chat_id in (
            *scopes,
            (BotCommandScopeAllPrivateChats().type, 0),
            (BotCommandScopeDefault().type, 0),
        ):
            for code in (language, ""):
                if menu := self.by_key.get((kind, chat_id, code)):
                    return menu
        return []
