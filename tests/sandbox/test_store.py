"""A data folder keeps chats over a restart; ids are never given twice, with it or without."""

from pathlib import Path

import pytest

from sandbox.client import SandboxClient
from sandbox.running import running_sandbox
from sandbox.settings import Settings

ANNA = 71


def run_once(settings: Settings) -> tuple[int, int]:
    """Run a sandbox in which Anna says one thing; return the update's and the message's id."""
    with (
        running_sandbox(settings) as running,
        SandboxClient(running.address, running.settings.bot_token) as client,
    ):
        sent = client.send(ANNA, text="hello")
        return sent["update_id"], sent["message_id"]


@pytest.mark.parametrize("keeps", [True, False])
def test_ids_only_grow_over_restarts(tmp_path: Path, *, keeps: bool) -> None:
    settings = Settings(port=0, page=False, data=tmp_path if keeps else None)
    first, second = run_once(settings), run_once(settings)
    assert second[0] > first[0]
    assert second[1] > first[1] or not keeps


def test_chats_files_updates_and_menus_come_back(tmp_path: Path) -> None:
    settings = Settings(port=0, page=False, data=tmp_path / "new")
    keyboard = {"keyboard": [[{"text": "My number", "request_contact": True}]]}
    with (
        running_sandbox(settings) as running,
        SandboxClient(running.address, running.settings.bot_token) as client,
    ):
        confirmed = client.send(ANNA, text="first", first_name="Анна")["update_id"]
        pending = client.send(ANNA, file={"kind": "document", "name": "a.txt", "base64": "eHl6"})["update_id"]
        client.result("sendMessage", chat_id=ANNA, text="?", reply_markup=keyboard)
        client.result("setMyCommands", commands=[{"command": "help", "description": "Help"}])
        client.result("getUpdates", offset=confirmed + 1)
        before = client.chat(ANNA)
    with (
        running_sandbox(settings) as running,
        SandboxClient(running.address, running.settings.bot_token) as client,
    ):
        assert client.chat(ANNA) == before
        (update,) = client.result("getUpdates")
        assert update["update_id"] == pending
        path = client.result("getFile", file_id=update["message"]["document"]["file_id"])["file_path"]
        assert client.request("GET", f"/file/bot{client.bot_token}/{path}").content == b"xyz"
        client.result("sendMessage", chat_id=ANNA, text="still here")
        assert client.chat(ANNA)["messages"][-1]["seq"] > before["seq"]


def test_a_reset_empties_the_folder_too(tmp_path: Path) -> None:
    settings = Settings(port=0, page=False, data=tmp_path)
    with (
        running_sandbox(settings) as running,
        SandboxClient(running.address, running.settings.bot_token) as client,
    ):
        client.send(ANNA, text="hello")
        client.reset()
    with (
        running_sandbox(settings) as running,
        SandboxClient(running.address, running.settings.bot_token) as client,
    ):
        assert client.chat(ANNA)["messages"] == []
        assert client.result("getUpdates") == []


def test_a_webhook_is_kept(tmp_path: Path) -> None:
    settings = Settings(port=0, page=False, data=tmp_path)
    with (
        running_sandbox(settings) as running,
        SandboxClient(running.address, running.settings.bot_token) as client,
    ):
        client.result("setWebhook", url="http://127.0.0.1:9/hook", max_connections=7)
    with (
        running_sandbox(settings) as running,
        SandboxClient(running.address, running.settings.bot_token) as client,
    ):
        info = client.result("getWebhookInfo")
        assert (info["url"], info["max_connections"]) == ("http://127.0.0.1:9/hook", 7)
