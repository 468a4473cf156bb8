"""What a sandbox keeps in its data folder: chats, files, updates and counters, written behind."""

import asyncio
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson

from sandbox.telegram.chat import Chat, Message
from sandbox.telegram.people import Person
from sandbox.telegram.records import chat_row, file_row, message_row, read_file, state_row, take_state
from sandbox.telegram.server import BotServer
from sandbox.telegram.updates import Update
from sandbox.telegram.world import Change

_PAUSE = 0.3
_TABLES = ("chats", "messages", "updates", "files", "state")

Row = tuple[int | str, bytes]


class Store:
    """Follows a world's changes and writes them to SQLite a few times a second, and at the end."""

    def __init__(self, folder: Path, server: BotServer) -> None:
        self._folder = folder
        self._server = server
        self._world = server.world
        self._chats: dict[int, Chat] = {}
        self._messages: dict[int, tuple[int, Message]] = {}
        self._kept_updates: set[int] = set()
        self._kept_files: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Take back what was kept, and follow the world from now on; called on the loop's own thread."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(self._folder / "sandbox.sqlite3")
        self._database.execute("PRAGMA journal_mode=WAL")
        with self._database:
            for table in _TABLES:
                self._database.execute(f"CREATE TABLE IF NOT EXISTS {table} (id PRIMARY KEY, body BLOB NOT NULL)")
        self._restore()
        self._world.subscribe(self._note)
        self._task = asyncio.get_running_loop().create_task(self._follow())

    async def close(self) -> None:
        """Write the rest."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._write()
        self._database.close()

    def _note(self, change: Change) -> None:
        if change.chat is None:
            self._forget()
            return
        self._chats[change.chat.id] = change.chat
        if change.message is not None:
            self._messages[change.message.id] = (change.chat.id, change.message)

    def _forget(self) -> None:
        self._chats.clear()
        self._messages.clear()
        self._kept_files.clear()
        with self._database:
            for table in ("chats", "messages", "files"):
                self._database.execute(f"DELETE FROM {table}")  # noqa: S608 - the names are our own

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(_PAUSE)
            self._write()

    def _write(self) -> None:
        chats, self._chats = self._chats, {}
        messages, self._messages = self._messages, {}
        pending = self._world.updates.pending
        new_files = self._world.files.by_id.keys() - self._kept_files
        with self._database:
            self._put("chats", ((chat_id, chat_row(chat)) for chat_id, chat in chats.items()))
            self._put("messages", ((key, message_row(*value)) for key, value in messages.items()))
            self._put("files", ((key, file_row(self._world.files.by_id[key])) for key in new_files))
            self._put("updates", _update_rows(pending[key] for key in pending.keys() - self._kept_updates))
            gone = [(key,) for key in self._kept_updates - pending.keys()]
            self._database.executemany("DELETE FROM updates WHERE id = ?", gone)
            self._put("state", [(0, state_row(self._server))])
        self._kept_updates = set(pending)
        self._kept_files |= new_files

    def _put(self, table: str, rows: Iterable[Row]) -> None:
        statement = f"INSERT OR REPLACE INTO {table} VALUES (?, ?)"  # noqa: S608 - the names are our own
        self._database.executemany(statement, rows)

    def _rows(self, table: str) -> Iterator[Row]:
        yield from self._database.execute(f"SELECT id, body FROM {table} ORDER BY id")  # noqa: S608 - the names are our own

    def _restore(self) -> None:
        world = self._world
        self._restore_chats()
        for _, body in self._rows("files"):
            world.files.restore(read_file(body))
        for key, body in self._rows("updates"):
            update = _read_update(int(key), body)
            world.updates.pending[update.id] = update
        for _, body in self._rows("state"):
            take_state(self._server, body)
        self._kept_updates = set(world.updates.pending)
        self._kept_files = set(world.files.by_id)

    def _restore_chats(self) -> None:
        world = self._world
        keyboards: dict[int, int] = {}
        for key, body in self._rows("chats"):
            values = orjson.loads(body)
            person = None if values["person"] is None else Person(**values["person"])
            chat = Chat(int(key), person, values["group"], values["started"], pinned=values["pinned"])
            world.chats[chat.id] = chat
            keyboards[chat.id] = values["keyboard"] or 0
            if person is not None:
                world.people[person.id] = person
        self._restore_messages()
        for chat_id, message_id in keyboards.items():
            chat = world.chats[chat_id]
            chat.keyboard = chat.messages.get(message_id)

    def _restore_messages(self) -> None:
        rows = [orjson.loads(body) for _, body in self._rows("messages")]
        for values in sorted(rows, key=lambda row: int(row["seq"])):
            chat = self._world.chats[values.pop("chat_id")]
            message = Message(**values)
            chat.messages[message.id] = message
            chat.seq = chat.message_seq = message.seq


def _read_update(update_id: int, row: bytes) -> Update:
    chat_id, _, body = row.partition(b" ")
    return Update(update_id, int(chat_id), body)


def _update_rows(updates: Iterable[Update]) -> Iterator[Row]:
    for update in updates:
        yield update.id, b"%d %b" % (update.chat_id, update.body)
