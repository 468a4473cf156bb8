"""The whole product as processes on loopback: sandbox, bot, worker; parts can be killed and started again."""

import os
import signal
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deploy.guard import guarded
from deploy.servers.process import free_port
from sandbox.client import SandboxClient

ROOT = Path(__file__).resolve().parent.parent
ADMIN, MODERATOR, SECOND_MODERATOR = 9003, 9002, 9004
TOKEN = "424242:" + "S" * 35
_WORKER = ("-m", "celery", "-A", "services.queue_service", "worker", "--loglevel=info")
COMMANDS = {
    "bot": ("bot.py",),
    "worker": _WORKER,
    "worker2": (*_WORKER, "--hostname=second@%h"),
    "scheduler": (
        *("-m", "celery", "-A", "services.queue_service", "beat"),
        *("--scheduler", "celery.beat:Scheduler"),  # in memory, as the README types it and the launcher starts it
    ),
    "api": ("api.py",),
}
_SANDBOX = ("--bot-token", TOKEN, "--no-page", "--bot-per-second", "0", "--chat-per-second", "0")
_KNOWLEDGE = ("--knowledge", "ru=context.txt", "--knowledge", "en=context.en.txt")


def manage_process(environment: Mapping[str, str], arguments: Sequence[str]) -> str:
    """Run a command of `manage.py` and return what it printed; raises CalledProcessError."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(  # noqa: S603 - the product's own command
        command, cwd=ROOT, env=dict(environment), capture_output=True, text=True, check=True, timeout=180
    )
    return done.stdout


@dataclass
class System:
    """A running installation of its own: folder, database, Redis, ports."""

    folder: Path
    environment: Mapping[str, str]
    sandbox: SandboxClient
    command: Callable[[Mapping[str, str], Sequence[str]], str] = manage_process
    parts: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, part: str, **extra: str) -> None:
        """Start a part; what it prints goes to a file of the installation's folder. Call from the main thread."""
        arguments = COMMANDS[part]
        with (self.folder / f"{part}.out").open("ab") as output:
            self.parts[part] = subprocess.Popen(  # noqa: S603 - the product's own commands
                guarded([sys.executable, *arguments]),
                cwd=ROOT,
                env={**self.environment, **extra},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self, part: str) -> None:
        """Kill a part without any chance to tidy up."""
        process = self.parts.pop(part)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self, part: str, wait: float = 20) -> None:
        """Ask a part to end, and wait until it did."""
        self._stop([self.parts.pop(part)], wait)

    def end(self, wait: float = 20) -> None:
        """Ask all parts to end, side by side, and wait until they did."""
        parts = list(self.parts.values())
        self.parts.clear()
        self._stop(parts, wait)

    def _stop(self, parts: list[subprocess.Popen[bytes]], wait: float) -> None:
        for process in parts:
            process.terminate()
        for process in parts:
            try:
                process.wait(wait)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def manage(self, *arguments: str) -> str:
        """Run a command of `manage.py` and return what it printed; raises CalledProcessError."""
        return self.command(self.environment, arguments)

    def output(self, part: str) -> str:
        """Return what a part printed so far."""
        return (self.folder / f"{part}.out").read_text(errors="replace")


def wait_until(condition: Callable[[], object], wait: float = 60, what: str = "a condition") -> None:
    """Wait until a call returns something true; raises TimeoutError."""
    deadline = time.monotonic() + wait
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {wait} s for {what}")
        time.sleep(0.05)


def environment_of(folder: Path, database_url: str, redis_url: str, sandbox: str, token: str) -> dict[str, str]:
    """Return the settings of an installation; nothing of the caller's own environment but its PATH."""
    metrics = folder / "metrics"
    metrics.mkdir(exist_ok=True)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONUNBUFFERED": "1",
        "BOT_TOKEN": token,
        "TELEGRAM_API_URL": sandbox,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "ENCRYPTION_KEY": urlsafe_b64encode(os.urandom(32)).decode(),
        "BLIND_INDEX_KEY": urlsafe_b64encode(os.urandom(32)).decode(),
        "DEMO": "1",
        "ANSWER_LINK_HOSTS": "northquay.example",
        "LOG_DIR": str(folder / "logs"),
        # Folders that others share would be tidied up by them.
        "STORAGE_DIR": str(folder / "objects"),
        "INDEX_DIR": str(folder / "index"),
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
        "HTTP_PORT": str(free_port()),
        "METRICS_PORT": str(free_port()),
        "DEBOUNCE_SECONDS": "0.3",
        "USER_MESSAGES_PER_MINUTE": "1000",
        "USER_COMMANDS_PER_MINUTE": "1000",
        "TELEGRAM_CHAT_RATE": "50",
        "TELEGRAM_RATE": "500",
        "BROADCAST_HOURS": "mon-sun 0:00-24:00",
        "BROADCAST_APPROVAL_ABOVE": "1000000000",
        "CACHE_TTL_SECONDS": "0",  # the same question goes the whole way each time
    }


@contextmanager
def sandbox_process(folder: Path) -> Iterator[str]:
    """Start the sandbox as a process of its own, which takes no time from whoever measures; yields its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with (folder / "sandbox.out").open("ab") as output:
        sandbox = subprocess.Popen(  # noqa: S603 - the project's own sandbox
            guarded([sys.executable, "-m", "sandbox", "--port", str(port), *_SANDBOX]),
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "HOME": str(folder)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield address
    finally:
        sandbox.terminate()
        sandbox.wait(10)


Sandbox = Callable[[Path], AbstractContextManager[str]]
"""Starts a sandbox without limits, whose output goes into a folder; yields its address."""


@contextmanager
def bare_system(
    folder: Path, database_url: str, redis_url: str, extra: Mapping[str, str], sandbox: Sandbox = sandbox_process
) -> Iterator[System]:
    """Start the sandbox of an installation that nothing was done for yet; its parts are stopped at the end."""
    with sandbox(folder) as address, SandboxClient(address, TOKEN) as client:
        environment = environment_of(folder, database_url, redis_url, address, TOKEN) | dict(extra)
        system = System(folder, environment, client)
        try:
            yield system
        finally:
            system.end()


def prepare(system: System, knowledge: Sequence[str] = _KNOWLEDGE) -> None:
    """Give an installation its schema, its staff and knowledge."""
    staff = ("--admin", str(ADMIN), "--moderator", str(MODERATOR), "--moderator", str(SECOND_MODERATOR))
    system.manage("prepare", *staff, *knowledge)


@contextmanager
def prepared_system(
    folder: Path, database_url: str, redis_url: str, extra: Mapping[str, str], knowledge: Sequence[str] = _KNOWLEDGE
) -> Iterator[System]:
    """Prepare an installation and start its sandbox, but no part of the product; all is stopped at the end."""
    with bare_system(folder, database_url, redis_url, extra) as system:
        prepare(system, knowledge)  # meanwhile the sandbox starts
        system.sandbox.wait_ready(60)
        yield system
