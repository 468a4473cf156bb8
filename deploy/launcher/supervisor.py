"""Keeps the parts alive: starts each once what it needs is ready, restarts it with back-off, stops all in reverse."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.launcher.console import Console
from deploy.launcher.part import LauncherError, Part
from deploy.launcher.process import PartProcess

_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Policy:
    """When to restart and when to give up; times in seconds."""

    quick_death: float = 10.0  # an end within this time of the start counts as "right away"
    most_quick_deaths: int = 5  # in a row, before everything is stopped
    first_delay: float = 0.5  # doubled with each quick death
    longest_delay: float = 10.0
    slow_start: float = 30.0  # before a part that is not ready is named
    grace: float = 10.0  # between SIGTERM and SIGKILL

    def delay(self, quick_deaths: int) -> float:
        """Return the pause before the next start."""
        return float(min(self.first_delay * 2 ** max(0, quick_deaths - 1), self.longest_delay))


@dataclass
class _State:
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    process: PartProcess | None = None


class Supervisor:
    """Runs parts until `stop` is called or one of them cannot live."""

    def __init__(self, parts: Sequence[Part], *, console: Console, folder: Path, policy: Policy | None = None) -> None:
        self._parts = tuple(parts)
        self._console = console
        self._folder = folder
        self._policy = policy or Policy()
        self._states = {part.name: _State() for part in parts}
        self._stop = asyncio.Event()
        self._failure: BaseException | None = None

    async def run(self, announce: Callable[[], None]) -> None:
        """Run the parts; `announce` is called when all are ready. Raises LauncherError when one cannot live."""
        tasks = [asyncio.create_task(self._keep(part, self._states[part.name])) for part in self._parts]
        tasks.append(asyncio.create_task(self._announce(announce)))
        for task in tasks:
            task.add_done_callback(self._look_at)
        try:
            await self._stop.wait()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._console.say("ending …")
            await asyncio.gather(*(self._end(part) for part in self._parts))
            self._console.say("everything has ended")
        if self._failure:
            raise self._failure

    def stop(self) -> None:
        """Ask for an orderly end; asked twice, everything is killed."""
        if self._stop.is_set():
            for state in self._states.values():
                if state.process:
                    state.process.kill()
        self._stop.set()

    def _look_at(self, task: "asyncio.Task[None]") -> None:
        """Stop everything when one task has failed."""
        if not task.cancelled() and (error := task.exception()):
            self._failure = self._failure or error
            self._stop.set()

    async def _announce(self, announce: Callable[[], None]) -> None:
        for state in self._states.values():
            await state.ready.wait()
        announce()

    async def _end(self, part: Part) -> None:
        """Stop a part after all that need it have ended."""
        for other in self._parts:
            if part.name in other.needs:
                await self._states[other.name].gone.wait()
        state = self._states[part.name]
        if state.process:
            await state.process.stop(self._policy.grace)
        state.gone.set()

    async def _keep(self, part: Part, state: _State) -> None:
        for need in part.needs:
            await self._states[need].ready.wait()
        quick_deaths = 0
        while True:
            started = time.monotonic()
            code = await self._live(part, state)
            if part.once and code == 0:
                state.ready.set()
                return
            ended = f"{part.name} ended with code {code}{_shown(state)}"
            if part.once:
                raise LauncherError(ended)
            self._console.say(ended)
            quick = time.monotonic() - started < self._policy.quick_death
            quick_deaths = quick_deaths + 1 if quick else 0
            if quick_deaths >= self._policy.most_quick_deaths:
                raise LauncherError(f"{part.name} ended right after its start {quick_deaths} times: giving up.")
            delay = self._policy.delay(quick_deaths)
            self._console.say(f"{part.name} is started again in {delay:g} s")
            await asyncio.sleep(delay)

    async def _live(self, part: Part, state: _State) -> int:
        """Start the part, mark it ready when it is, and return its exit code."""
        process = PartProcess(part, console=self._console, folder=self._folder)
        state.process = process
        waiting = asyncio.create_task(self._mark_ready(process, state))
        try:
            return await process.wait()
        finally:
            waiting.cancel()

    async def _mark_ready(self, process: PartProcess, state: _State) -> None:
        part = process.part
        if part.once:
            return
        slow_at = time.monotonic() + self._policy.slow_start
        while not (await part.ready(process.pid) if part.ready else process.said_ready):
            if time.monotonic() > slow_at:
                self._console.say(f"{part.name} is not ready after {self._policy.slow_start:g} s; still waiting")
                slow_at = float("inf")
            await asyncio.sleep(_POLL_SECONDS)
        if state.ready.is_set():
            self._console.say(f"{part.name} is back")
        state.ready.set()


def _shown(state: _State) -> str:
    """Return the last lines of a part, indented below the sentence that names it."""
    lines = state.process.tail if state.process else ()
    return ":" + "".join(f"\n    {line}" for line in lines) if lines else ""
