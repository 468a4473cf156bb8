"""What sending takes beside words, against the sandbox: files that Telegram does not have yet, and pins."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from threading import Event
from uuid import UUID, uuid4

import pytest

from sandbox.client import SandboxClient
from services.errors import FileError, FileGoneError, FileRefusedError, FilesAwayError, PermanentError, TransientError
from services.gateways.telegram import TelegramChannel
from services.outbound import File, FileKind, Outbound
from tests.services.messenger import ANNA, channel_to


@dataclass
class TwinOwnFiles:
    """A storage of whole files, which may fail."""

    kept: dict[UUID, bytes] = field(default_factory=dict)
    error: FileError | None = None

    def content(self, uid: UUID) -> bytes:
        """Give a file, or fail as told."""
        if self.error:
            raise self.error
        return self.kept[uid]

    def file(self, kind: FileKind, name: str, content: bytes) -> File:
        """Keep a file and return what stands for it in a message."""
        self.kept[uid := uuid4()] = content
        return File(kind=kind, own=uid, name=name, size=len(content))


@pytest.fixture
def files() -> TwinOwnFiles:
    return TwinOwnFiles()


@pytest.fixture
async def channel(sandbox: SandboxClient, files: TwinOwnFiles) -> AsyncIterator[TelegramChannel]:
    async with channel_to(sandbox.address, files=files) as opened:
        yield opened


async def test_a_file_goes_along_with_its_message(
    channel: TelegramChannel, sandbox: SandboxClient, files: TwinOwnFiles
) -> None:
    document = files.file(FileKind.DOCUMENT, "выписка.pdf", b"%PDF-1.7")
    number = await channel.send(ANNA, Outbound(html="<b>Bank</b>\nhere", files=(document,), protected=True))
    seen = sandbox.last(ANNA)
    assert (seen["message_id"], seen["text"], seen["protected"]) == (number, "Bank\nhere", True)
    assert (seen["content"]["file_name"], seen["content"]["file_size"]) == ("выписка.pdf", 8)


async def test_an_album_brings_all_of_its_files(
    channel: TelegramChannel, sandbox: SandboxClient, files: TwinOwnFiles
) -> None:
    pictures = tuple(files.file(FileKind.PHOTO, f"{size}.png", b"x" * size) for size in (3, 4))
    numbers = await channel.send_album(ANNA, Outbound(html="Bank", files=pictures))
    shown = [message for message in sandbox.chat(ANNA)["messages"] if message["from"] == "bot"]
    assert tuple(message["message_id"] for message in shown) == numbers
    assert [message["content"][-1]["file_size"] for message in shown] == [3, 4]
    assert [message["text"] for message in shown] == ["Bank", ""]


@pytest.mark.parametrize(
    ("error", "raised", "reason"),
    [
        (FileGoneError(), PermanentError, "file_gone"),
        (FileRefusedError(), PermanentError, "file_gone"),
        (FilesAwayError(), TransientError, "storage"),
    ],
)
async def test_a_file_that_cannot_be_had_is_told_apart(
    channel: TelegramChannel, files: TwinOwnFiles, error: FileError, raised: type[Exception], reason: str
) -> None:
    document = files.file(FileKind.DOCUMENT, "a.pdf", b"%PDF-1.7")
    files.error = error
    with pytest.raises(raised) as told:
        await channel.send(ANNA, Outbound(html="Bank", files=(document,)))
    assert getattr(told.value, "reason", "") == reason


async def test_a_file_that_takes_too_long_to_be_had_was_surely_not_sent(
    sandbox: SandboxClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.gateways.telegram.channel.UPLOAD", 0.05)
    had = Event()

    def document(chat_id: int, source: str) -> bytes:
        del chat_id, source
        had.wait(20)
        return b"late"

    file = File(kind=FileKind.DOCUMENT, source="broadcast:1", name="a.csv")
    async with channel_to(sandbox.address, whole=0.05, documents=document) as slow:
        try:
            with pytest.raises(TransientError):
                await slow.send(ANNA, Outbound(html="", files=(file,)))
        finally:
            had.set()


async def test_what_is_pinned_stands_above_the_chat_until_it_is_removed(
    channel: TelegramChannel, sandbox: SandboxClient
) -> None:
    number = await channel.send(ANNA, Outbound(html="You write to Boris", pinned=True))
    assert sandbox.chat(ANNA)["pinned"] == number
    changed = Outbound(html="You write to Clara", pinned=True, replaces=number)
    assert await channel.send(ANNA, changed) == number
    assert (sandbox.chat(ANNA)["pinned"], sandbox.last(ANNA)["text"]) == (number, "You write to Clara")
    await channel.send(ANNA, Outbound(html="", removes=number, pinned=True))
    assert sandbox.chat(ANNA)["pinned"] is None
    again = await channel.send(ANNA, changed)  # whoever deleted it gets another one
    assert sandbox.chat(ANNA)["pinned"] == again


async def test_what_cannot_be_pinned_was_sent_all_the_same(channel: TelegramChannel, sandbox: SandboxClient) -> None:
    sandbox.faults({"method": "pinChatMessage", "kind": "status", "status": 400})
    await channel.send(ANNA, Outbound(html="You write to Boris", pinned=True))
    assert (sandbox.chat(ANNA)["pinned"], sandbox.last(ANNA)["text"]) == (None, "You write to Boris")


async def test_a_pinned_one_too_old_to_be_deleted_is_pinned_no_more(
    channel: TelegramChannel, sandbox: SandboxClient
) -> None:
    number = await channel.send(ANNA, Outbound(html="You write to Boris", pinned=True))
    sandbox.faults({"method": "deleteMessage", "kind": "status", "status": 400})
    await channel.send(ANNA, Outbound(html="", removes=number, pinned=True))
    assert sandbox.chat(ANNA)["pinned"] is None


async def test_what_may_cost_something_says_so_and_nothing_else_does(
    channel: TelegramChannel, sandbox: SandboxClient
) -> None:
    for message in (Outbound(html="Hello"), Outbound(html="Hello", paid=True)):
        await channel.send(ANNA, message)
    sent = [line["params"] for line in sandbox.journal() if line["method"] == "sendMessage"][-2:]
    assert [params.get("allow_paid_broadcast") for params in sent] == [None, "true"]
