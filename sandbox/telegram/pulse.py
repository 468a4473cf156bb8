"""A signal that any number of tasks may wait for: waiting costs nothing while nothing happens."""

import asyncio


class Pulse:
    """Wakes all who wait when `fire` is called; who comes later waits for the next time."""

    def __init__(self) -> None:
        self._waiters: set[asyncio.Future[None]] = set()

    def fire(self) -> None:
        """Wake everyone who waits now."""
        waiters, self._waiters = self._waiters, set()
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def wait(self, timeout: float) -> bool:  # noqa: ASYNC109 - the time-out is this call's answer, not its abortion
        """Wait at most so many seconds; tell whether the pulse came."""
        if timeout <= 0:
            return False
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            async with asyncio.timeout(timeout):
                await waiter
        except TimeoutError:
            return False
        finally:
            self._waiters.discard(waiter)
        return True
