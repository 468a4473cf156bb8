"""The stage: customers and staff act on a thread of their own, while messages from the journal reach the ledger."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from threading import Event, Lock, Thread

from benchmarks.chaos.customers import Customer, Moderator
from benchmarks.chaos.journal import JournalReader
from benchmarks.chaos.ledger import Act
from benchmarks.chaos.people import Step, Steps, World
from benchmarks.installation import MODERATOR, SECOND_MODERATOR

_TICK = 0.05
_FIRST_CUSTOMER = 10_001


class Stage:
    """Everybody who plays, and the ledger of what they were told. `lock` guards the ledger."""

    def __init__(self, world: World, journal: JournalReader, *, seed: int, customers: int, think: float) -> None:
        self.world = world
        self.journal = journal
        self.lock = Lock()
        self._open = Event()
        self._given_up = Event()
        self._error: BaseException | None = None
        self.staff = [
            Moderator(world, number, f"Moderator{number}", Random(f"{seed}:{number}"))
            for number in (MODERATOR, SECOND_MODERATOR)
        ]
        self.customers = [
            Customer(
                world,
                number,
                Random(f"{seed}:{number}"),
                think=think,
                staff=self.staff,
                open_=self._open.is_set,
            )
            for number in range(_FIRST_CUSTOMER, _FIRST_CUSTOMER + customers)
        ]

    @contextmanager
    def playing(self) -> Iterator[None]:
        """Let everybody play while the block runs, then finish what they are at; raises what a player raised."""
        self._open.set()
        thread = Thread(target=self._run, name="stage")
        thread.start()
        try:
            yield
        except BaseException:
            self._given_up.set()  # nobody waits for answers any more
            raise
        finally:
            self._open.clear()
            thread.join()
        if self._error:
            raise self._error

    def sent(self) -> int:
        """Return the number of updates so far; raises what a player raised."""
        if self._error:
            raise self._error
        return len(self.world.ledger.acts)

    def waiting(self, sent_before: float) -> list[Act]:
        """Return the acts before a moment that wait for an answer."""
        with self.lock:
            return self.world.ledger.unsettled(sent_before)

    def settled_after(self, moment: float, sent_before: float) -> list[Act]:
        """Return the acts before a moment that were answered after another one."""
        with self.lock:
            acts = [act for act in self.world.ledger.acts if act.at <= sent_before]
        return [act for act in acts if act.settled_at is not None and act.settled_at > moment]

    def _run(self) -> None:
        try:
            lives = [_begun(person.life()) for person in self.customers]
            lives += [_begun(person.arrive()) for person in self.staff if person.busy]
            while lives and not self._given_up.is_set():
                started = time.monotonic()
                self.listen()
                with self.lock:
                    lives = [moved for life, step in lives if (moved := _moved(life, step))]
                time.sleep(max(0.0, _TICK - (time.monotonic() - started)))
        except BaseException as error:  # noqa: BLE001 - told to the thread that waits for us
            self._error = error

    def listen(self) -> None:
        """Take what is new in the journal; while somebody plays, their thread does."""
        news = list(self.journal.news())
        with self.lock:
            for told in news:
                self.world.ledger.note(told)


def _begun(life: Steps) -> tuple[Steps, Step]:
    return life, next(life)


def _moved(life: Steps, step: Step) -> tuple[Steps, Step] | None:
    """Let somebody go on if their time has come; None when their life has ended."""
    while step():
        following = next(life, None)
        if following is None:
            return None
        step = following
    return life, step
