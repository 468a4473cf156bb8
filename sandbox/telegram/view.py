"""A chat as its person sees it."""

from typing import Any

from sandbox.telegram.chat import Chat, Message, Notice
from sandbox.telegram.methods.messages import KINDS
from sandbox.telegram.text import to_html
from sandbox.telegram.world import World


def chat_view(world: World, chat: Chat, after: int = 0) -> dict[str, Any]:
    """Return what changed in a chat after `after`, and what is on screen now."""
    language = chat.person.language_code if chat.person else ""
    return {
        "seq": chat.seq,
        "messages": [message_view(message) for message in chat.since(after)],
        "actions": [_notice(notice) for notice in chat.actions if notice.seq > after],
        "toasts": [_notice(notice) for notice in chat.toasts if notice.seq > after],
        "draft": _notice(chat.draft) if chat.draft else None,
        "keyboard": chat.keyboard.markup if chat.keyboard else None,
        "pinned": chat.pinned[-1] if chat.pinned else None,
        "commands": world.menus.visible(chat.id, language),
    }


def _notice(notice: Notice) -> dict[str, Any]:
    return {"seq": notice.seq, **notice.body, "at": notice.at}


def message_view(message: Message) -> dict[str, Any]:
    """Return one message; `at` is in seconds since 1970. A deleted one keeps its number and nothing else."""
    shown = {} if message.deleted else message.wire
    text = shown.get("text", shown.get("caption", ""))
    entities = shown.get("entities", shown.get("caption_entities", []))
    kind = next((kind for kind in KINDS if kind in message.wire), "text")
    return {
        "seq": message.seq,
        "message_id": message.id,
        "from": message.side,
        "kind": kind,
        "text": text,
        "html": to_html(text, entities),
        "content": shown.get(kind) if kind != "text" else None,
        "reply_to": shown.get("reply_to_message", {}).get("message_id"),
        "album": shown.get("media_group_id"),
        "reply_markup": None if message.deleted else message.markup,
        "edited": message.edited,
        "deleted": message.deleted,
        "protected": message.protected,
        "at": message.at,
    }
