"""A plan run for the person at the terminal: signals end it, addresses are told once all is ready."""

import asyncio
import signal
import time
from pathlib import Path

from deploy.launcher.console import Console
from deploy.launcher.plan import Plan
from deploy.launcher.supervisor import Supervisor

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


async def run_at_terminal(plan: Plan, console: Console, *, folder: Path, started: float) -> None:
    """Run the plan until a signal ends it; `started` is the monotonic time at which the person began to wait.

    Raises LauncherError when a part cannot live.
    """
    supervisor = Supervisor(plan.parts, console=console, folder=folder)
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:  # nohup means it
            loop.add_signal_handler(number, supervisor.stop)

    def announce() -> None:
        console.say(f"\nReady in {time.monotonic() - started:.1f} s.")
        for name, address in plan.addresses.items():
            console.say(f"  {name:8} {address}")
        if plan.note:
            console.say(f"  {plan.note}")
        console.say("Ctrl-C ends everything.\n")

    console.say(f"Starting {', '.join(part.name for part in plan.parts)} …")
    await supervisor.run(announce)
