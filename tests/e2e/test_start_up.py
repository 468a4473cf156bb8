"""Starting by hand: the commands of README as typed, and what a wrong setting is answered with."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from dotenv import dotenv_values
from sqlalchemy import inspect

from database.engine import make_engine
from deploy.guard import guarded
from tests.e2e.own import FACT, QUESTION, Place, own_place
from tests.system import ROOT, environment_of, wait_until

pytestmark = pytest.mark.e2e

_MIB = 1024  # in the kibibytes of /proc
_SECRETS = ("BOT_TOKEN", "ENCRYPTION_KEY", "BLIND_INDEX_KEY")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Run an installation without a model, as it is by default."""
    with own_place(tmp_path_factory.mktemp("start-up"), "sqlite", {}) as running:
        yield running


@pytest.fixture
def environment(tmp_path: Path, redis_url: str) -> dict[str, str]:
    """Return the settings of an installation that nothing was done for yet."""
    return environment_of(
        tmp_path, f"sqlite:///{tmp_path / 'bot.db'}", redis_url, "http://127.0.0.1:9", "1:" + "x" * 35
    )


def _run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=180)


def _script(name: str) -> str:
    """Return a console script of this environment, as an activated one would find it."""
    found = shutil.which(name, path=str(Path(sys.executable).parent))
    assert found
    return found


@contextmanager
def _running(command: list[str], environment: dict[str, str], output: Path) -> Iterator[None]:
    with output.open("wb") as log:
        process = subprocess.Popen(guarded(command), cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


@pytest.mark.parametrize("program", ["bot.py", "api.py", "manage.py status"])
def test_missing_settings_are_named_with_the_way_out(program: str, tmp_path: Path) -> None:
    nothing = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **dict.fromkeys(_SECRETS, "")}  # wins over .env
    done = _run([sys.executable, *program.split()], nothing)
    assert done.returncode == 2
    assert done.stdout == ""
    for name in _SECRETS:
        assert f"{name}: missing" in done.stderr
    assert "make demo" in done.stderr
    assert "Traceback" not in done.stderr


def test_placeholders_are_refused(tmp_path: Path) -> None:
    example = {name: value or "" for name, value in dotenv_values(ROOT / ".env.example").items()}
    done = _run([sys.executable, "bot.py"], {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **example, "DEMO": ""})
    assert done.returncode == 2
    for name in _SECRETS:
        assert f"{name}: still a placeholder" in done.stderr
    assert not any(example[name] in done.stderr for name in _SECRETS)


def test_a_token_that_telegram_does_not_know(place: Place) -> None:
    wrong = "424242:" + "W" * 35
    done = _run([sys.executable, "bot.py"], {**place.system.environment, "BOT_TOKEN": wrong})
    assert done.returncode == 2
    assert done.stderr == "BOT_TOKEN: Telegram does not know this bot.\n"
    assert wrong not in done.stdout


def test_the_database_is_made_as_typed(environment: dict[str, str], tmp_path: Path) -> None:
    done = _run([_script("alembic"), "upgrade", "head"], environment)
    assert done.returncode == 0, done.stderr
    engine = make_engine(f"sqlite:///{tmp_path / 'bot.db'}")
    assert {"users", "inbox", "messages", "alembic_version"} <= set(inspect(engine).get_table_names())
    engine.dispose()


def test_worker_and_scheduler_start_as_typed(place: Place, tmp_path: Path) -> None:
    celery = [_script("celery"), "-A", "services.queue_service"]
    worker, beat = tmp_path / "worker.out", tmp_path / "beat.out"
    place.system.stop("worker")
    settings = {**place.system.environment, "LOG_DIR": str(tmp_path)}
    with (
        _running([*celery, "worker", "--loglevel=info"], settings, worker),
        _running([*celery, "beat", "--scheduler", "celery.beat:Scheduler"], settings, beat),
    ):
        customer = place.person()
        customer.says(QUESTION)
        customer.sees(FACT)
        wait_until(lambda: "maintenance.tick" in beat.read_text(), what="a tick of the scheduler")
    place.mend()
    for output in (worker, beat):
        assert "Traceback" not in output.read_text()


def test_processes_stay_small(place: Place) -> None:
    place.mend()
    for _ in range(3):
        customer = place.person()
        customer.says(QUESTION)
        customer.sees(FACT)
    assert _resident(place, "bot") <= 160 * _MIB
    assert _resident(place, "worker") <= 280 * _MIB


def _resident(place: Place, part: str) -> int:
    """Return how much memory a part holds, in KiB."""
    status = Path(f"/proc/{place.system.parts[part].pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))
