"""A messenger's local twin: it records what it is given and fails as it is told."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.ports import Command, Outbound


@dataclass
class TwinChannel:
    """A messenger that records what was sent; `errors` holds, chat by chat, what the next sends raise."""

    sent: list[tuple[int, str]] = field(default_factory=list)
    drafts: list[tuple[int, str]] = field(default_factory=list)
    draft_errors: deque[Exception] = field(default_factory=deque)
    edits: list[tuple[int, str]] = field(default_factory=list)
    deleted: list[int] = field(default_factory=list)
    errors: dict[int, deque[Exception]] = field(default_factory=lambda: defaultdict(deque))
    slow: dict[int, asyncio.Event] = field(default_factory=dict)
    typings: list[int] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    menus: dict[tuple[str | None, int | None], tuple[str, ...]] = field(default_factory=dict)
    refused_menus: dict[int, Exception] = field(default_factory=dict)

    async def send(self, chat_id: int, message: Outbound) -> int:
        """Record a send, after whatever this chat waits for."""
        if event := self.slow.get(chat_id):
            await event.wait()
        if errors := self.errors.get(chat_id):
            raise errors.popleft()
        self.sent.append((chat_id, message.html))
        return len(self.sent)

    async def send_album(self, chat_id: int, message: Outbound) -> tuple[int, ...]:
        """Record the sending of an album, as `send` does."""
        first = await self.send(chat_id, message)
        return tuple(range(first, first + len(message.files)))

    async def draft(self, chat_id: int, draft_id: int, html: str) -> None:
        """Record a draft, unless it is refused."""
        if self.draft_errors:
            raise self.draft_errors.popleft()
        assert draft_id
        self.drafts.append((chat_id, html))

    async def edit(self, chat_id: int, message_id: int, html: str) -> None:
        """Record an edit."""
        del chat_id
        self.edits.append((message_id, html))

    async def delete(self, chat_id: int, message_id: int) -> None:
        """Record that a message was taken back."""
        del chat_id
        self.deleted.append(message_id)

    async def typing(self, chat_id: int) -> None:
        """Record a sign."""
        self.typings.append(chat_id)

    async def acknowledge(self, callback_id: str) -> None:
        """Record a sign."""
        self.acknowledged.append(callback_id)

    async def menu(
        self, commands: Sequence[Command], *, language_code: str | None = None, chat_id: int | None = None
    ) -> None:
        """Record a menu."""
        if chat_id is not None and chat_id in self.refused_menus:
            raise self.refused_menus[chat_id]
        self.menus[language_code, chat_id] = tuple(command.name for command in commands)
