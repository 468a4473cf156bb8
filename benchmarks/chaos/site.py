"""The site of a run: its servers, sandbox, model server and product, and what may be done to them."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from benchmarks.chaos.plan import Plan
from benchmarks.chaos.replies import LANGUAGE
from benchmarks.chaos.servers import Servers, running_servers
from benchmarks.chaos.words import Vocabulary
from benchmarks.installation import ROOT, System, prepared_system, wait_until
from deploy.guard import guarded
from deploy.servers.process import free_port, last_lines

DISK_BYTES = 256 << 10  # of each small file system
_WORDS = 200  # characters shown of what a part said last
_SECRET = "chaos-chaos-chaos-chaos"  # noqa: S105 - of a webhook on the loopback, for one run
_MODEL_SECONDS = 5.0  # after which the product gives a call of the model up


@dataclass
class Site:
    """Everything that runs. A part that ends by itself is started again, as a supervisor would, and counted."""

    servers: Servers
    system: System
    model: httpx.Client
    extra: dict[str, dict[str, str]]
    small_disks: tuple[Path, ...]
    ended_by_themselves: list[str] = field(default_factory=list)
    last_words: list[str] = field(default_factory=list)
    down: set[str] = field(default_factory=set)

    @property
    def workers(self) -> list[str]:
        """The worker processes there are."""
        return [part for part in self.extra if part.startswith("worker")]

    def start(self, part: str, **extra: str) -> None:
        """Start a part of the product."""
        self.down.discard(part)
        self.system.start(part, **self.extra[part], **extra)

    def kill(self, part: str) -> None:
        """Kill a part of the product; it stays down until it is started."""
        if part in self.system.parts:
            self.system.kill(part)
        self.down.add(part)

    def keep(self) -> None:
        """Start again what ended without being killed."""
        for part, process in list(self.system.parts.items()):
            if process.poll() is not None:
                self.ended_by_themselves.append(part)
                self.last_words.append(f"{part}: {last_lines(self.system.folder / f'{part}.out', 1)[:_WORDS]}")
                self.system.kill(part)
                self.start(part)

    def take_updates(self, ingest: str) -> None:
        """Let the front take updates by polling or by webhook from now on, in a new process."""
        if "bot" in self.system.parts:
            self.system.stop("bot")
        self.extra["bot"]["INGEST"] = ingest
        self.start("bot")

    def tell_model(self, **plan: Any) -> None:
        """Set the model's latency and fault."""
        self.model.put("/control/model", json=plan).raise_for_status()


@contextmanager
def running_site(folder: Path, words: Vocabulary, plan: Plan, more: Mapping[str, str] | None = None) -> Iterator[Site]:
    """Start everything but the front, with `more` settings on top; all is stopped at the end."""
    file = folder / "context.txt"
    file.write_text(words.knowledge())
    logs = folder / "logs"
    # Folders that the product may write to: what is added here can be filled up. (No archive yet.)
    small_disks = _small_disks(logs)
    with running_servers(folder, plan.broker) as servers, small_disks as disks, _running_model(folder) as model:
        settings = {
            "DEFAULT_LANGUAGE": LANGUAGE,
            "CONTEXT_FILE": str(file),
            "OPENAI_API_KEY": "chaos",
            "OPENAI_BASE_URL": f"{model.base_url}v1".replace("//v1", "/v1"),
            "HTTPX_TIMEOUT": str(_MODEL_SECONDS),
            "MISSES_BEFORE_PERSON": "1000",  # greetings are misses, and nobody here wants a person for them
            "LOG_DIR": str(logs),
            "CELERY_BROKER_URL": servers.broker_url,
            "LEASE_SECONDS": str(plan.lease),
            **(more or {}),
        }
        knowledge = ("--knowledge", f"{LANGUAGE}={file}")
        with prepared_system(folder, servers.database_url, servers.redis.url, settings, knowledge) as system:
            parts: dict[str, dict[str, str]] = {"bot": _webhook(), "scheduler": {}, "worker": {}}
            if plan.workers > 1:
                parts["worker2"] = {"LOG_DIR": str(logs / "second")}
                (logs / "second").mkdir()
            site = Site(servers, system, model, parts, disks)
            for part in parts:
                if part != "bot":
                    site.start(part)
            yield site


def _webhook() -> dict[str, str]:
    port = str(free_port())
    return {"WEBHOOK_PORT": port, "WEBHOOK_URL": f"http://127.0.0.1:{port}/hook", "WEBHOOK_SECRET": _SECRET}


@contextmanager
def _running_model(folder: Path) -> Iterator[httpx.Client]:
    port = free_port()
    with (folder / "model.out").open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - the project's own model server
            guarded([sys.executable, "-m", "sandbox.model", "--port", str(port), "--latency", "0.05"]),
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/", trust_env=False) as client:
            wait_until(lambda: _answers(client), what="the model server")
            yield client
    finally:
        process.terminate()
        process.wait(10)


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/control/model/journal").is_success
    except httpx.TransportError:
        return False


@contextmanager
def _small_disks(*folders: Path) -> Iterator[tuple[Path, ...]]:
    """Put a small file system under each of some folders, which only root may; yields those that have one."""
    with ExitStack() as stack:
        yield tuple(folder for folder in folders if _made_small(folder, stack))


def _made_small(folder: Path, stack: ExitStack) -> bool:
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "chaos", str(folder)]
    mounted = sys.platform == "linux" and subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603 - mounts nothing but memory
    if mounted:
        stack.callback(subprocess.run, ["umount", "--lazy", str(folder)], check=False, capture_output=True)
    return mounted
