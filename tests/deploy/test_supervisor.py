"""The supervisor: order of start and end, restarts, giving up, and what it tells the person at the terminal."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from io import StringIO
from pathlib import Path

import pytest

from deploy.launcher.console import Console
from deploy.launcher.part import LauncherError, Part
from deploy.launcher.supervisor import Policy, Supervisor
from tests.deploy.waiting import has_ended, until

ENOUGH = 30.0  # seconds, for a machine that stands still now and then
QUICK = Policy(first_delay=0.01, most_quick_deaths=3, slow_start=0.2, grace=ENOUGH)


def part(name: str, script: str, *needs: str, once: bool = False, environment: dict[str, str] | None = None) -> Part:
    """Return a part that runs a shell script and is ready when it says so."""
    command = ("sh", "-c", script)
    return Part(name, command, environment or dict(os.environ), needs, ready_line="^ready", once=once)


STAYS = "echo ready; exec sleep 60"


@pytest.fixture
def screen() -> StringIO:
    return StringIO()


@pytest.fixture
def console(tmp_path: Path, screen: StringIO) -> Iterator[Console]:
    console = Console(tmp_path / "logs", verbose=False, terminal=screen)
    yield console
    console.close()


@pytest.fixture
def supervise(tmp_path: Path, console: Console) -> Callable[..., Supervisor]:
    def make(*parts: Part, policy: Policy = QUICK) -> Supervisor:
        return Supervisor(parts, console=console, folder=tmp_path, policy=policy)

    return make


@asynccontextmanager
async def running(supervisor: Supervisor) -> AsyncIterator[asyncio.Event]:
    """Run it while the block lasts; gives the event that all parts are ready."""
    ready = asyncio.Event()
    run = asyncio.create_task(supervisor.run(ready.set))
    try:
        yield ready
    finally:
        supervisor.stop()
        await run


def pids(folder: Path) -> dict[str, int]:
    return {file.stem: int(file.read_text()) for file in folder.glob("*.pid") if file.read_text()}


async def test_parts_start_after_what_they_need_and_end_before_it(
    supervise: Callable[..., Supervisor], tmp_path: Path
) -> None:
    logs = (
        "trap 'echo {0} ends >> order; exit 0' TERM; echo {0} starts >> order; echo ready; while :; do sleep 0.05; done"
    )
    parts = (part("front", logs.format("front"), "prepare", "store"), part("store", logs.format("store")))
    once = part("prepare", "echo prepared >> order", "store", once=True)
    async with running(supervise(*parts, once)) as ready:
        await asyncio.wait_for(ready.wait(), ENOUGH)
    order = (tmp_path / "order").read_text().splitlines()
    assert order == ["store starts", "prepared", "front starts", "front ends", "store ends"]


async def test_a_part_that_dies_is_named_and_started_again(
    supervise: Callable[..., Supervisor], tmp_path: Path, screen: StringIO
) -> None:
    script = (
        "echo $$ >> lives; [ $(wc -l < lives) = 1 ] || exec sleep 60; "
        "echo ready; echo 'out of luck' >&2; while [ -e keep ]; do sleep 0.02; done; exit 3"
    )
    keep = tmp_path / "keep"
    keep.touch()
    async with running(supervise(part("bot", script))) as ready:
        await asyncio.wait_for(ready.wait(), ENOUGH)
        keep.unlink()
        await until(lambda: len((tmp_path / "lives").read_text().splitlines()) == 2)
    shown = screen.getvalue()
    assert "bot ended with code 3:\n    ready\n    out of luck\n" in shown
    assert "bot is started again in 0.01 s" in shown


async def test_a_part_that_cannot_live_ends_everything(
    supervise: Callable[..., Supervisor], tmp_path: Path, screen: StringIO
) -> None:
    store = part("store", f"echo $$ > store.pid; {STAYS}")
    bot = part("bot", "echo no token; exit 2", "store")
    with pytest.raises(LauncherError, match="bot ended right after its start 3 times"):
        await supervise(store, bot).run(lambda: None)
    assert screen.getvalue().count("bot ended with code 2:\n    no token") == 3
    assert has_ended(pids(tmp_path)["store"])


async def test_a_command_that_fails_ends_everything_with_its_last_lines(supervise: Callable[..., Supervisor]) -> None:
    prepare = part("prepare", "echo 'no such table'; exit 1", once=True)
    with pytest.raises(LauncherError, match=r"prepare ended with code 1:\n    no such table"):
        await supervise(prepare, part("bot", STAYS, "prepare")).run(lambda: None)


async def test_a_part_that_ignores_the_end_is_killed_with_its_children(
    supervise: Callable[..., Supervisor], tmp_path: Path, screen: StringIO
) -> None:
    mule = part("mule", "trap '' TERM; sleep 60 & echo $! > child.pid; echo $$ > mule.pid; echo ready; wait; wait")
    async with running(supervise(mule, policy=Policy(grace=0.1))) as ready:
        await asyncio.wait_for(ready.wait(), ENOUGH)
    assert "mule did not end in 0.1 s and is killed" in screen.getvalue()
    for pid in pids(tmp_path).values():
        await until(lambda pid=pid: has_ended(pid))  # type: ignore[misc]


async def test_children_of_a_part_that_died_do_not_stay(supervise: Callable[..., Supervisor], tmp_path: Path) -> None:
    parent = part("parent", "sleep 60 > /dev/null & echo $! > child.pid; exit 1")
    with pytest.raises(LauncherError):
        await supervise(parent, policy=Policy(most_quick_deaths=1)).run(lambda: None)
    child = pids(tmp_path)["child"]
    await until(lambda: has_ended(child))


async def test_asked_twice_to_end_it_does_not_wait(supervise: Callable[..., Supervisor], tmp_path: Path) -> None:
    mule = part("mule", "trap '' TERM; echo $$ > mule.pid; echo ready; while :; do sleep 0.05; done")
    supervisor = supervise(mule, policy=Policy(grace=600))
    async with running(supervisor) as ready:
        await asyncio.wait_for(ready.wait(), ENOUGH)
        supervisor.stop()
        supervisor.stop()
    assert has_ended(pids(tmp_path)["mule"])


async def test_a_slow_part_is_named(supervise: Callable[..., Supervisor], screen: StringIO) -> None:
    async with running(supervise(part("sloth", "exec sleep 60"))) as ready:
        await until(lambda: "sloth is not ready after 0.2 s" in screen.getvalue())
        assert not ready.is_set()


async def test_warnings_are_shown_and_everything_is_kept(
    supervise: Callable[..., Supervisor], tmp_path: Path, screen: StringIO
) -> None:
    lines = (
        '{"level": "INFO", "msg": "all is well"}',
        '{"level": "WARNING", "msg": "the disk is full"}',
        "not json",
        "{broken",
    )
    script = "".join(f"echo '{line}'; " for line in lines) + STAYS
    async with running(supervise(part("bot", script))) as ready:
        await asyncio.wait_for(ready.wait(), ENOUGH)
    shown = screen.getvalue()
    assert "bot       | WARNING the disk is full" in shown
    assert "all is well" not in shown
    assert "not json" not in shown
    kept = (tmp_path / "logs" / "launcher.log").read_text()
    assert all(words in kept for words in ("all is well", "the disk is full", "not json", "{broken"))


async def test_a_line_without_end_does_not_stop_the_reading(supervise: Callable[..., Supervisor]) -> None:
    script = f"head -c 3000000 /dev/zero | tr '\\0' x; echo; {STAYS}"
    async with running(supervise(part("bot", script))) as ready:
        await asyncio.wait_for(ready.wait(), ENOUGH)
