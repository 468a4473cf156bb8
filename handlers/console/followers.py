"""Who follows the desk: one look at the database every now and then, for all open pages of this process."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from logging import getLogger
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from services.desk.door import Door
from services.desk.pulse import Beat, Floor, Pulse

_PAUSE = 0.15  # seconds between two looks; half of it on the average is what a page adds to a message's way

_log = getLogger(__name__)


class Follower(Protocol):
    """A page that is told what changed."""

    @property
    def account(self) -> int:
        """Whose page it is."""

    def follow(self, beat: Beat) -> None:
        """Take in what changed; must not wait."""


@dataclass
class Followers:
    """The pages that follow the desk; `floor` is what all of them see alike."""

    door: Door
    floor: Floor = field(default_factory=Floor)
    _pages: set[Follower] = field(default_factory=set)
    _looking: asyncio.Task[None] | None = None

    def join(self, page: Follower) -> None:
        """Tell a page what changes from now on."""
        self._pages.add(page)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self._look())

    def leave(self, page: Follower) -> None:
        """Tell a page no more; the last one to leave ends the looking."""
        self._pages.discard(page)

    async def _look(self) -> None:
        pulse, loop = Pulse(self.door), asyncio.get_running_loop()
        with ThreadPoolExecutor(1) as own:  # not behind the looks of a hundred pages
            await self._follow(pulse, loop, own)

    async def _follow(self, pulse: Pulse, loop: asyncio.AbstractEventLoop, own: ThreadPoolExecutor) -> None:
        while self._pages:
            accounts = {page.account for page in self._pages}
            try:
                self._tell(await loop.run_in_executor(own, pulse.beat, accounts))
            except SQLAlchemyError as error:
                _log.warning("the desk could not be looked at", extra={"error": type(error).__name__})
            except Exception:  # noqa: BLE001 - without this task every open page would stand still
                _log.exception("looking at the desk failed")
            await asyncio.sleep(_PAUSE)

    def _tell(self, beat: Beat) -> None:
        self.floor = beat.floor or self.floor
        for page in tuple(self._pages):
            page.follow(beat)
