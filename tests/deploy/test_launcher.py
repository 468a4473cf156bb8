"""The launcher as a process: whatever ends it, nothing stays behind."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.servers.process import free_port
from tests.deploy.waiting import has_ended, wait_until

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import asyncio, os, sys, time
from pathlib import Path
from deploy.launcher.console import Console
from deploy.launcher.part import Part
from deploy.launcher.plan import Plan
from deploy.launcher.terminal import run_at_terminal

def part(name, *needs):
    script = f"echo $$ > {name}.pid; echo ready; exec sleep 60"
    return Part(name, ("sh", "-c", script), dict(os.environ), needs, ready_line="^ready")

folder = Path(sys.argv[1])
plan = Plan((part("store"), part("bot", "store")), {"page": "http://127.0.0.1:1"}, note="You are 9001.")
console = Console(folder / "logs", verbose=False)
asyncio.run(run_at_terminal(plan, console, folder=folder, started=time.monotonic()))
"""


@contextmanager
def launcher(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """Run two parts and wait until they are announced."""
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(folder)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        try:
            assert any("Ctrl-C ends everything." in line for line in process.stdout)
            yield process
        finally:
            process.kill()


def parts(folder: Path) -> list[int]:
    found = [int(file.read_text()) for file in folder.glob("*.pid")]
    assert len(found) == 2
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_parts(tmp_path: Path, number: signal.Signals) -> None:
    with launcher(tmp_path) as process:
        assert not any(has_ended(pid) for pid in parts(tmp_path))
        process.send_signal(number)
        assert process.wait(60) == 0
        assert all(has_ended(pid) for pid in parts(tmp_path))


def test_nothing_outlives_a_launcher_that_was_killed(tmp_path: Path) -> None:
    with launcher(tmp_path) as process:
        process.kill()
        process.wait(60)
        for pid in parts(tmp_path):
            wait_until(lambda pid=pid: has_ended(pid))  # type: ignore[misc]


def test_a_part_that_was_killed_is_started_again(tmp_path: Path) -> None:
    with launcher(tmp_path) as process:
        before = int((tmp_path / "bot.pid").read_text())
        os.kill(before, signal.SIGKILL)
        assert process.stdout is not None
        assert any("bot is back" in line for line in process.stdout)
        assert int((tmp_path / "bot.pid").read_text()) != before


def start(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run the real launcher to its end."""
    return subprocess.run(
        [sys.executable, "-m", "deploy.launcher", *arguments],
        env=os.environ | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def test_taken_ports_are_named_with_the_settings_that_move_them_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as page, socket.create_server(("127.0.0.1", 0)) as front:
        taken = {"SANDBOX_PORT": page.getsockname()[1], "HTTP_PORT": front.getsockname()[1]}
        ports = {name: str(number) for name, number in taken.items()}
        done = start("demo", "--data", str(tmp_path), METRICS_PORT=str(free_port()), **ports)
    assert done.returncode == 1
    for name, number in ports.items():
        assert f"Port {number} is taken" in done.stderr
        assert f"{name}=" in done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["launcher.lock"]


def test_what_it_writes_is_its_owners_alone(tmp_path: Path) -> None:
    start("demo", "--data", str(tmp_path / "data"), METRICS_PORT="ninety")
    assert {oct(path.stat().st_mode & 0o77) for path in (tmp_path / "data", tmp_path / "data/launcher.lock")} == {"0o0"}


def test_a_port_that_is_none_is_named(tmp_path: Path) -> None:
    done = start("demo", "--data", str(tmp_path), METRICS_PORT="ninety")
    assert done.stderr == "METRICS_PORT must be a port number from 1 to 65535, not 'ninety'.\n"


def test_run_says_which_settings_are_missing(tmp_path: Path) -> None:
    done = start("run", "--data", str(tmp_path), BOT_TOKEN="", ENCRYPTION_KEY="", BLIND_INDEX_KEY="")
    assert done.returncode == 1
    assert done.stderr.startswith("Missing: BOT_TOKEN, ENCRYPTION_KEY, BLIND_INDEX_KEY. Copy .env.example to .env")


def test_a_command_of_the_demo_explains_itself(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "deploy.launcher", "--data", str(tmp_path), "manage", "hold", "lift", "--help"]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert "manage.py hold lift" in told.stdout


def test_a_command_before_the_first_start_says_what_is_missing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "deploy.launcher", "--data", str(tmp_path), "manage", "status"]
    told = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert told.returncode == 1
    assert told.stderr.startswith("the database cannot be used: no such table: ")
