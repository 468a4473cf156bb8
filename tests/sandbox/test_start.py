"""Starting the sandbox: arguments, variables, and the command itself."""

import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from sandbox.client import SandboxClient
from sandbox.running import running_sandbox
from sandbox.settings import DEFAULT_BOT, Settings, parse_settings

ROOT = Path(__file__).parents[2]


def test_without_arguments_it_is_the_demos_address() -> None:
    settings = parse_settings([], {})
    assert (settings.host, settings.port, settings.bot_token) == ("127.0.0.1", 8081, DEFAULT_BOT)
    assert (settings.page, settings.model_port, settings.data) == (True, None, None)
    assert settings.limits.bot_per_second == 30


def test_arguments_come_before_variables() -> None:
    environment = {"SANDBOX_PORT": "5000", "SANDBOX_BOT_TOKEN": "7:seven", "SANDBOX_NO_PAGE": "1"}
    settings = parse_settings(["--port", "5001", "--bot-per-second", "0", "--data", "kept"], environment)
    assert (settings.port, settings.bot_token, settings.bot_id, settings.page) == (5001, "7:seven", 7, False)
    assert (settings.limits.bot_per_second, settings.data) == (0, Path("kept"))


def test_a_token_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_settings(["--bot-token", "secret"], {})
    assert "a bot token looks like" in capsys.readouterr().err


def test_a_poll_does_not_hold_the_end() -> None:
    with (
        running_sandbox(Settings(port=0, page=False)) as running,
        ThreadPoolExecutor(1) as pool,
        SandboxClient(running.address, running.settings.bot_token) as client,
    ):
        poll = pool.submit(client.call, "getUpdates", timeout=50)
        deadline = time.monotonic() + 30
        while not client.journal():
            assert time.monotonic() < deadline, "the poll did not arrive"
        running.stop()
        assert poll.result(timeout=30) == {"ok": True, "result": []}


def free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        listeners = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [listener.getsockname()[1] for listener in listeners]


def test_the_command_serves_both_servers_until_interrupted_and_leaves_quietly() -> None:
    port, model_port = free_ports(2)
    ports = ["--port", str(port), "--model-port", str(model_port)]
    command = [sys.executable, "-m", "sandbox", *ports, "--no-page", "--bot-token", "5:five"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as process:
        try:
            with SandboxClient(f"http://127.0.0.1:{port}", "5:five") as client:
                client.wait_ready(120)
                assert client.result("getMe")["id"] == 5
                assert client.request("GET", f"http://127.0.0.1:{model_port}/v1/models").status_code == 401
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    assert errors == b""
