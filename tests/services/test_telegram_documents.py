"""Documents that are made as they leave, against the sandbox: no copy of them is kept anywhere before."""

import pytest
from sqlalchemy.exc import OperationalError
from telegram import Bot

from sandbox.client import SandboxClient
from sandbox.settings import Settings
from services.errors import PermanentError, TransientError
from services.gateways.aiohttp_request import AiohttpRequest
from services.gateways.telegram import TelegramChannel
from services.outbound import File, FileKind, Outbound
from tests.services.messenger import ANNA, LONG


def document(source: str) -> Outbound:
    file = File(kind=FileKind.DOCUMENT, id="", name="data.json", source=source)
    return Outbound(html="All of it", files=(file,))


def made(chat_id: int, source: str) -> bytes:
    if source != "export:json":
        raise LookupError(source)
    return f"of {chat_id}".encode()


async def test_a_document_is_made_for_its_chat_as_it_leaves(sandbox: SandboxClient) -> None:
    request = AiohttpRequest(4, connect_timeout=LONG, read_timeout=LONG)
    async with request:
        bot = Bot(Settings().bot_token, base_url=f"{sandbox.address}/bot", request=request)
        await TelegramChannel(bot, LONG, documents=made).send(ANNA, document("export:json"))
        seen = sandbox.last(ANNA)
        assert (seen["kind"], seen["text"], seen["content"]["file_name"]) == ("document", "All of it", "data.json")
        file = sandbox.request("GET", f"/control/files/{seen['content']['file_id']}")
        assert file.content == f"of {ANNA}".encode()
        with pytest.raises(PermanentError, match="document_gone"):
            await TelegramChannel(bot, LONG, documents=made).send(ANNA, document("export:pdf"))
        with pytest.raises(PermanentError, match="document_gone"):
            await TelegramChannel(bot, LONG).send(ANNA, document("export:json"))


async def test_a_document_that_cannot_be_made_now_is_tried_again(sandbox: SandboxClient) -> None:
    def away(_chat_id: int, _source: str) -> bytes:
        raise OperationalError("SELECT 1", {}, OSError("away"))

    bot = Bot(Settings().bot_token, base_url=f"{sandbox.address}/bot")
    with pytest.raises(TransientError, match="contents"):
        await TelegramChannel(bot, LONG, documents=away).send(ANNA, document("export:json"))
