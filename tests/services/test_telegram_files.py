"""Files that the messenger keeps, read from the sandbox: piece by piece, bounded, and no address in an error."""

import base64
from uuid import uuid4

import pytest

from sandbox.client import SandboxClient
from sandbox.running import Running
from services.errors import FileGoneError, FileRefusedError, FilesAwayError, FileTooLargeError
from services.gateways.telegram_files import TelegramFiles
from services.outbound import File, FileKind
from tests.services.messenger import LONG

ANNA = 71
CONTENT = b"0123456789" * 1000


@pytest.fixture
def file_id(messenger: Running) -> str:
    with SandboxClient(messenger.address, messenger.settings.bot_token) as client:
        client.reset()
        content = base64.b64encode(CONTENT).decode()
        sent = client.send(ANNA, file={"kind": "document", "name": "a.pdf", "base64": content})
        update = client.result("getUpdates", offset=sent["update_id"])[0]
        return str(update["message"]["document"]["file_id"])


def files_at(messenger: Running, token: str | None = None) -> TelegramFiles:
    return TelegramFiles(token or messenger.settings.bot_token, messenger.address, LONG)


def test_a_file_is_read(messenger: Running, file_id: str) -> None:
    with files_at(messenger).read(file_id, len(CONTENT)) as pieces:
        assert b"".join(pieces) == CONTENT


def test_a_file_that_is_too_large_is_not(messenger: Running, file_id: str) -> None:
    with pytest.raises(FileTooLargeError), files_at(messenger).read(file_id, len(CONTENT) - 1):
        pass


def test_a_file_that_nobody_knows_is_gone(messenger: Running, file_id: str) -> None:
    with pytest.raises(FileGoneError), files_at(messenger).read(f"{file_id}0", 10):
        pass


@pytest.mark.parametrize("fault", [{"kind": "drop_before"}, {"kind": "status", "status": 502}])
def test_a_messenger_that_is_away_is_said_so_without_its_address(
    messenger: Running, file_id: str, fault: dict[str, object]
) -> None:
    with SandboxClient(messenger.address, messenger.settings.bot_token) as client:
        client.faults({"method": "getFile", **fault})
        with pytest.raises(FilesAwayError) as caught, files_at(messenger).read(file_id, len(CONTENT)):
            pass
    assert messenger.settings.bot_token not in repr(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("kind", "name", "mime"),
    [
        (FileKind.PHOTO, "a.png", "image/png"),
        (FileKind.VIDEO, "a.mp4", "video/mp4"),
        (FileKind.ANIMATION, "a.gif", "image/gif"),
        (FileKind.DOCUMENT, "тарифы.pdf", "application/pdf"),
    ],
)
def test_a_file_is_given_into_a_chat_and_then_named_by_telegrams_number(
    messenger: Running, kind: FileKind, name: str, mime: str
) -> None:
    with SandboxClient(messenger.address, messenger.settings.bot_token) as client:
        client.reset()
        client.send(ANNA, text="/start")
        given = File(kind=kind, own=uuid4(), name=name, mime=mime, size=len(CONTENT))
        kept = files_at(messenger).give(ANNA, given, CONTENT)
        assert kept == given.model_copy(update={"id": kept.id, "own": None})
        with files_at(messenger).read(kept.id, len(CONTENT)) as pieces:
            assert b"".join(pieces) == CONTENT


def test_a_chat_that_is_closed_refuses_a_file_and_one_that_is_away_may_take_it_later(messenger: Running) -> None:
    given = File(kind=FileKind.DOCUMENT, own=uuid4(), name="a.pdf", mime="application/pdf")
    with SandboxClient(messenger.address, messenger.settings.bot_token) as client:
        client.reset()
        with pytest.raises(FileRefusedError):
            files_at(messenger).give(987_654, given, CONTENT)
        client.faults({"method": "sendDocument", "kind": "status", "status": 502})
        with pytest.raises(FilesAwayError) as caught:
            files_at(messenger).give(ANNA, given, CONTENT)
    assert messenger.settings.bot_token not in repr(caught.value)
