"""The rows of the data folder: how people, chats, messages and files are written down and taken back."""

import base64
from dataclasses import asdict
from typing import Any

import orjson

from sandbox.telegram.chat import Chat, Message
from sandbox.telegram.files import StoredFile
from sandbox.telegram.server import BotServer


def chat_row(chat: Chat) -> bytes:
    """Write a chat without its messages."""
    return orjson.dumps(
        {
            "person": None if chat.person is None else asdict(chat.person),
            "group": chat.group,
            "started": chat.started,
            "pinned": chat.pinned,
            "keyboard": None if chat.keyboard is None else chat.keyboard.id,
        }
    )


def message_row(chat_id: int, message: Message) -> bytes:
    """Write a message."""
    return orjson.dumps({"chat_id": chat_id, **asdict(message)})


def file_row(file: StoredFile) -> bytes:
    """Write a file."""
    return orjson.dumps({**asdict(file), "content": base64.b64encode(file.content).decode()})


def read_file(body: bytes) -> StoredFile:
    """Take back a file."""
    values = orjson.loads(body)
    return StoredFile(**{**values, "content": base64.b64decode(values["content"])})


def state_row(server: BotServer) -> bytes:
    """Write counters, menus, descriptions and the webhook."""
    world, webhook = server.world, server.webhook
    return orjson.dumps(
        {
            "next_update_id": world.updates.next_id,
            "next_message_id": world.next_message_id,
            "seq": world.seq,
            "allowed": world.updates.allowed,
            "profile": world.profile,
            "menus": [[*key, menu] for key, menu in world.menus.by_key.items()],
            "webhook": [webhook.url, webhook.secret, webhook.max_connections],
        }
    )


def take_state(server: BotServer, body: bytes) -> None:
    """Take back what `state_row` wrote; counters only ever go up."""
    state: dict[str, Any] = orjson.loads(body)
    world = server.world
    world.updates.next_id = max(world.updates.next_id, state["next_update_id"])
    world.next_message_id = max(world.next_message_id, state["next_message_id"])
    world.seq = max(world.seq, state["seq"])
    world.updates.allowed = state["allowed"]
    world.profile = state["profile"]
    world.menus.by_key = {(kind, chat_id, language): menu for kind, chat_id, language, menu in state["menus"]}
    url, secret, connections = state["webhook"]
    if url:
        server.webhook.set(url, secret, connections)
