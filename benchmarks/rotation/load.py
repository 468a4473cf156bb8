"""A rotation under load that is killed and started again, and what came out of it."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, perf_counter

from sqlalchemy import func, select

from benchmarks.rotation.people import People
from benchmarks.rotation.rows import BOT, PEOPLE, Keys, fill, phone_of
from database.db import Database
from database.engine import make_engine
from database.models import Rotation, User
from services.rotation import Rotator

ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 600.0  # seconds that a rotation is waited for


@dataclass(frozen=True)
class Plan:
    """What is done: so many messages, kills, and rows in a transaction of the rotation."""

    rows: int
    kills: int
    batch: int


@dataclass(frozen=True)
class Figures:
    """What came out: seconds, rows sealed or indexed anew, kills that met a rotation at work, what is left."""

    seconds: float
    renewed: int
    kills: int
    left: int
    indexed: int
    reads: int
    writes: int
    failed: tuple[str, ...]


def rotate_under_load(url: str, storage: Path, keys: Keys, plan: Plan) -> Figures:
    """Rotate the keys of rows that people read and write meanwhile, killing the rotation as the plan says."""
    fill(url, keys.before(), plan.rows)
    database = Database(make_engine(url), BOT, keys.meanwhile())
    started, killed = perf_counter(), 0
    with People(database, plan.rows) as people:
        for kill in range(1, plan.kills + 1):
            at = plan.rows * kill // (plan.kills + 1)
            killed += _killed(database, keys.environment(url, storage), plan.batch, at)
        _rotation(keys.environment(url, storage), plan.batch).wait(_PATIENCE)
        seconds = perf_counter() - started
    with database.reading() as uow:
        renewed = uow.session.scalar(select(func.sum(Rotation.rows)).where(Rotation.bot_id == BOT)) or 0
        known = {keys.after().index.of(phone_of(number)) for number in range(0, plan.rows, PEOPLE)}
        indexed = len(known & set(uow.session.scalars(select(User.phone_index).where(User.bot_id == BOT))))
    left = sum(Rotator(database).left().values())
    database.engine.dispose()
    return Figures(seconds, int(renewed), killed, left, indexed, people.reads, people.writes, tuple(people.failed))


def _killed(database: Database, environment: Mapping[str, str], batch: int, at: int) -> bool:
    """Start a rotation and kill it once so many rows are renewed; returns whether it was still at work then."""
    process, until = _rotation(environment, batch), monotonic() + _PATIENCE
    while monotonic() < until:
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.01)
            break
        with database.reading() as uow:
            if sum(row.rows for row in uow.rotations.all().values()) >= at:
                os.killpg(process.pid, signal.SIGKILL)
                break
    return process.wait() == -signal.SIGKILL


def _rotation(environment: Mapping[str, str], batch: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "manage.py", "keys", "rotate", "--batch", str(batch)]
    return subprocess.Popen(  # noqa: S603 - the project's own command
        command, cwd=ROOT, env=environment, start_new_session=True, stdout=subprocess.DEVNULL
    )
