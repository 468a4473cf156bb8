"""`python -m deploy.launcher demo | run`: starts the product and ends it on Ctrl-C; `manage` works inside the demo."""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from deploy.launcher.console import Console
from deploy.launcher.demo import demo_environment, demo_plan
from deploy.launcher.part import LauncherError
from deploy.launcher.place import only_one
from deploy.launcher.real import real_plan
from deploy.launcher.terminal import run_at_terminal
from deploy.servers.process import ServerError

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str]) -> int:
    """Run the command and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.launcher", description=__doc__)
    parser.add_argument("what", choices=["demo", "run", "manage"])
    parser.add_argument("--data", type=Path, default=ROOT / "data", help="folder that keeps everything")
    after = arguments.index("manage") + 1 if "manage" in arguments else len(arguments)
    options, rest = parser.parse_args(arguments[:after]), arguments[after:]
    started = time.monotonic()
    data: Path = options.data.resolve()
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    try:
        if options.what == "manage":
            _become_manage(data, environment, rest)
        with only_one(data):
            _supervise(options.what, data, environment, started)
    except (LauncherError, ServerError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _become_manage(data: Path, environment: Mapping[str, str], arguments: list[str]) -> None:
    """Become `manage.py` with the demo's settings, so that its people and keys can be looked after by hand."""
    os.chdir(ROOT)
    command, settings = [sys.executable, "manage.py", *arguments], demo_environment(ROOT, data, environment)
    Path(settings["PROMETHEUS_MULTIPROC_DIR"]).mkdir(parents=True, exist_ok=True)  # no demo may have run yet
    os.execve(sys.executable, command, settings)  # noqa: S606 - a command of ours


def _supervise(what: str, data: Path, environment: Mapping[str, str], started: float) -> None:
    plan = (demo_plan if what == "demo" else real_plan)(ROOT, data, environment)
    shared = plan.parts[-1].environment
    _forget_metrics(Path(shared["PROMETHEUS_MULTIPROC_DIR"]))
    console = Console(Path(shared.get("LOG_DIR") or ROOT / "logs"), verbose=environment.get("VERBOSE") == "1")
    try:
        asyncio.run(run_at_terminal(plan, console, folder=ROOT, started=started))
    finally:
        console.close()


def _forget_metrics(folder: Path) -> None:
    """Remove what processes that are gone have counted: it would stand in the figures for ever."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.db"):
        file.unlink()


if __name__ == "__main__":
    os.umask(0o077)  # rows, logs and keys are nobody's business on a machine that others use too
    sys.exit(main(sys.argv[1:]))
