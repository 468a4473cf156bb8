"""Benchmark 6: messages a second against the limit, and what notices to many cost the answers meanwhile."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import uuid4

from sqlalchemy import create_engine, insert

from benchmarks.bench.figures import Figure, at_most, percentile, times_at_least, times_at_most
from benchmarks.bench.load import Journal, ask, new_people, send
from benchmarks.bench.model import running_model
from benchmarks.bench.site import prepared
from benchmarks.bench.stage import Stage
from benchmarks.installation import ADMIN, TOKEN, System
from database.models import Step, User
from sandbox.client import SandboxClient

_LATENCY = 0.5
LIMIT, _RAISED = 30, 1000  # messages a second: Telegram's, and what paid broadcasts may reach (its FAQ for bots)
_TOLERANCE = 0.1  # of the limit, that the sandbox lets a second go over it, as it does by default
_ANSWERS = 8  # questions a second meanwhile
_SHARE = 0.97  # of the limit


def run(stage: Stage) -> list[Figure]:
    """Measure at Telegram's limit, then with the limit raised."""
    with running_model(_LATENCY) as model:
        return [
            *_at(stage, model, LIMIT, stage.scale(900, 450)),
            *_at(stage, model, _RAISED, stage.scale(6000, 2000)),
        ]


def _at(stage: Stage, model: str, limit: int, recipients: int) -> list[Figure]:
    """Send notices alone, then let people ask without and with notices going out."""
    people = new_people(recipients)
    with audience(stage, model, limit, people) as system:
        sandbox = system.sandbox
        ask(sandbox, _ANSWERS, 40)
        journal = Journal(sandbox)
        broadcast(sandbox)
        rate = _delivered(journal, people)
        quiet = ask(sandbox, _ANSWERS, stage.scale(160, 80))
        broadcast(sandbox)
        lasting = recipients / rate
        busy = ask(sandbox, _ANSWERS, min(len(quiet), int(0.7 * lasting * _ANSWERS)), wait=60)
        journal.read()
    return [
        Figure(f"notices, limit {limit:,}/s", rate, "messages/s", times_at_least(_SHARE), limit),
        Figure(f"notices, limit {limit:,}/s: refused with 429", journal.sends.refused, "messages", at_most(0)),
        _p95(f"answers while notices go out at {limit:,}/s, p95", busy, quiet),
    ]


def _p95(name: str, busy: list[float], quiet: list[float]) -> Figure:
    return Figure(name, percentile(busy, 95) * 1000, "ms", times_at_most(1.1), percentile(quiet, 95) * 1000)


@contextmanager
def audience(
    stage: Stage, model: str, limit: int, people: list[int], extra: Mapping[str, str] | None = None
) -> Iterator[System]:
    """Start an installation that these people agreed to be written by; the sandbox holds the bot to the limit."""
    settings = {"TELEGRAM_RATE": str(limit)} | dict(extra or {})
    with prepared(stage, model, settings) as system:
        send(system.sandbox.address, people, 0, "/start")
        system.sandbox.result("deleteWebhook", drop_pending_updates=True)  # they are not part of the measurement
        _agree(system, people)
        system.sandbox.limits(bot_per_second=limit, tolerance=round(limit * _TOLERANCE), chat_per_second=0)
        system.start("worker")
        system.start("bot")
        yield system


def _agree(system: System, people: list[int]) -> None:
    row = {"bot_id": int(TOKEN.partition(":")[0]), "language": "ru", "step": Step.DONE, "consent_version": "benchmark"}
    engine = create_engine(system.environment["DATABASE_URL"])
    with engine.begin() as connection:
        connection.execute(insert(User), [{**row, "id": uuid4(), "telegram_id": person} for person in people])
    engine.dispose()


def broadcast(sandbox: SandboxClient) -> None:
    """Let the administrator write a notice, see the preview and press its first button."""
    seen = max((message["seq"] for message in sandbox.chat(ADMIN)["messages"]), default=0)
    sandbox.send(ADMIN, text="/broadcast Завтра отделения закрыты")
    preview = sandbox.wait_for(ADMIN, lambda message: message["from"] == "bot" and "reply_markup" in message, seen, 30)
    [button, *_] = preview["reply_markup"]["inline_keyboard"][0]
    sandbox.send(ADMIN, button={"message_id": preview["message_id"], "data": button["callback_data"]})


def _delivered(journal: Journal, people: list[int]) -> float:
    """Wait until all of these people were sent the notice; returns how many messages a second that were."""
    if missing := journal.wait_for(people, 120):
        raise TimeoutError(f"{len(missing)} people got no notice")
    audience = set(people)
    times = sorted(at for chat_id, at in journal.sends.delivered if chat_id in audience)
    return (len(times) - 1) / (times[-1] - times[0])
