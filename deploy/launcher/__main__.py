"""`python -m deploy.launcher demo | run`: starts the product and ends it on Ctrl-C; `manage` works inside the demo."""

import argparse
import asyncio
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from deploy.launcher.console import Console
from deploy.launcher.demo import ADMINISTRATOR, CUSTOMER, MODERATOR, demo_environment, demo_plan
from deploy.launcher.part import LauncherError
from deploy.launcher.place import check_ports, only_one
from deploy.launcher.plan import Plan
from deploy.launcher.real import real_plan
from deploy.launcher.supervisor import Supervisor
from deploy.servers.process import ServerError

ROOT = Path(__file__).resolve().parents[2]
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(arguments: list[str]) -> int:
    """Run the command and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.launcher", description=__doc__)
    parser.add_argument("what", choices=["demo", "run", "manage"])
    parser.add_argument("--data", type=Path, default=ROOT / "data", help="folder that keeps everything")
    options, rest = parser.parse_known_args(arguments)
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
    command = [sys.executable, "manage.py", *arguments]
    os.execve(sys.executable, command, demo_environment(ROOT, data, environment))  # noqa: S606 - a command of ours


def _supervise(what: str, data: Path, environment: Mapping[str, str], started: float) -> None:
    plan = (demo_plan if what == "demo" else real_plan)(ROOT, data, environment)
    check_ports(plan.ports)
    shared = plan.parts[-1].environment
    _forget_metrics(Path(shared["PROMETHEUS_MULTIPROC_DIR"]))
    console = Console(Path(shared.get("LOG_DIR") or ROOT / "logs"), verbose=environment.get("VERBOSE") == "1")
    try:
        asyncio.run(_run(plan, console, demo=what == "demo", started=started))
    finally:
        console.close()


async def _run(plan: Plan, console: Console, *, demo: bool, started: float) -> None:
    supervisor = Supervisor(plan.parts, console=console, folder=ROOT)
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:  # nohup means it
            loop.add_signal_handler(number, supervisor.stop)

    def announce() -> None:
        console.say(f"\nReady in {time.monotonic() - started:.1f} s.")
        for name, address in plan.addresses.items():
            console.say(f"  {name:8} {address}")
        if demo:
            people = f"customer {CUSTOMER}, moderator {MODERATOR}, administrator {ADMINISTRATOR}"
            console.say(f"  On the page you are {people}.")
        console.say("Ctrl-C ends everything.\n")

    console.say(f"Starting {', '.join(part.name for part in plan.parts)} …")
    await supervisor.run(announce)


def _forget_metrics(folder: Path) -> None:
    """Remove what processes that are gone have counted: it would stand in the figures for ever."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.db"):
        file.unlink()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
