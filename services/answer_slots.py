"""Slots for answers: threads of this process that wait for the model, woken when answers are due."""

import asyncio
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from logging import getLogger
from threading import BoundedSemaphore
from uuid import UUID

from services.metrics import ANSWER_SLOTS

_log = getLogger(__name__)


class AnswerSlots:
    """Answers what this process took in itself, without a way through the broker while a slot is free.

    A start that gets lost with the process costs time, never a row: the sweep of any worker finds it.
    """

    def __init__(
        self,
        slots: int,
        loop: asyncio.AbstractEventLoop,
        run_due: Callable[[], object],
        hand_on: Callable[[Collection[UUID]], None],
    ) -> None:
        self._free = BoundedSemaphore(slots)
        self._threads = ThreadPoolExecutor(slots, thread_name_prefix="answer")
        self._loop = loop
        self._run_due = run_due
        self._hand_on = hand_on

    def wake(self, conversation_ids: Collection[UUID], delay: float = 0.0) -> None:
        """Start an answer for each of these conversations in some seconds; call from any thread."""
        for conversation_id in conversation_ids:
            self._loop.call_soon_threadsafe(self._loop.call_later, delay, self._start, conversation_id)

    def stop(self) -> None:
        """Start nothing more; what is under way ends by itself."""
        self._threads.shutdown(wait=False)

    @contextmanager
    def taken(self) -> Iterator[bool]:
        """Take a slot while the block runs; False when all are taken."""
        taken = self._free.acquire(blocking=False)
        try:
            with ANSWER_SLOTS.track_inprogress() if taken else nullcontext():
                yield taken
        finally:
            if taken:
                self._free.release()

    def _start(self, conversation_id: UUID) -> None:
        try:
            self._threads.submit(self._run, conversation_id)
        except RuntimeError:  # shut down: the sweep finds it
            _log.info("an answer was left to another worker")

    def _run(self, conversation_id: UUID) -> None:
        with self.taken() as free:
            if not free:
                self._hand_on([conversation_id])
                return
            try:
                self._run_due()
            except Exception:  # noqa: BLE001 - nobody waits for this thread; the sweep finds what it left
                _log.exception("an answer's thread failed")
