"""One run of one part: started guarded, its lines read, its exit awaited, its whole group ended."""

import asyncio
import os
import re
import signal
import subprocess
from collections import deque
from pathlib import Path

from deploy.guard import guarded
from deploy.launcher.console import Console
from deploy.launcher.part import Part

_POLL_SECONDS = 0.05
_TAIL_LINES = 15
_LONGEST_LINE = 2**20
_DRAIN_SECONDS = 2


class PartProcess:
    """A part's process, leader of a group of its own so that its children end with it.

    Made in the main thread (see `deploy.guard`) with the event loop running.
    """

    def __init__(self, part: Part, *, console: Console, folder: Path) -> None:
        self.part = part
        self.tail: deque[str] = deque(maxlen=_TAIL_LINES)
        self.said_ready = False
        self._console = console
        self._ended = False
        read_end, write_end = os.pipe()
        try:
            self._popen = subprocess.Popen(
                guarded(part.command),
                cwd=folder,
                env=dict(part.environment),
                stdin=subprocess.DEVNULL,
                stdout=write_end,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C at the terminal reaches the launcher alone
            )
        finally:
            os.close(write_end)
        self._reading = asyncio.create_task(self._read(read_end))

    @property
    def pid(self) -> int:
        """Process id, and id of its group."""
        return self._popen.pid

    async def wait(self) -> int:
        """Return the exit code once the process has ended; whatever it had started is ended then too."""
        while (code := self._popen.poll()) is None:  # noqa: ASYNC110 - no event tells of it in 3.11 without threads
            await asyncio.sleep(_POLL_SECONDS)
        if not self._ended:
            self._ended = True
            self.kill()
            await asyncio.wait([self._reading], timeout=_DRAIN_SECONDS)
        return code

    async def stop(self, grace: float) -> None:
        """Ask the process to end; kill its group after `grace` seconds."""
        if self._popen.poll() is None:
            self._popen.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.wait(), grace)
        except TimeoutError:
            self._console.say(f"{self.part.name} did not end in {grace:g} s and is killed")
            self.kill()
            await self.wait()

    def kill(self) -> None:
        """End the whole group at once."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    async def _read(self, read_end: int) -> None:
        """Read the part's lines until it, and whoever inherited its output, has closed them."""
        reader = asyncio.StreamReader(limit=_LONGEST_LINE)
        with os.fdopen(read_end, "rb", buffering=0) as pipe:
            transport, _ = await asyncio.get_running_loop().connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(reader), pipe
            )
            try:
                while raw := await self._next_line(reader):
                    line = raw.decode(errors="replace").rstrip()
                    self.tail.append(line)
                    self.said_ready = self.said_ready or bool(re.search(self.part.ready_line, line))
                    self._console.part_says(self.part.name, line)
            finally:
                transport.close()

    async def _next_line(self, reader: asyncio.StreamReader) -> bytes:
        try:
            return await reader.readline()
        except ValueError:  # beyond the limit: the reader has dropped what it held
            return b"(a line too long to show)\n"
