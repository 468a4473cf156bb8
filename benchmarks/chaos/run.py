"""A run: rounds of strikes against a site on which customers write, until all have their answers."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy.exc import OperationalError

from benchmarks.chaos.people import PATIENCE
from benchmarks.chaos.plan import Plan
from benchmarks.chaos.records import idle
from benchmarks.chaos.schedule import Strike, bound, strikes
from benchmarks.chaos.site import Site
from benchmarks.chaos.stage import Stage
from benchmarks.chaos.trouble import Trouble
from benchmarks.installation import wait_until
from database.db import Database

_INGEST = ("polling", "webhook")
_AFTERWARDS = 1.0  # seconds after a strike: what is sent within them counts towards its recovery
_REST = 90.0  # seconds in which leases run out and the last rows are worked off

Say = Callable[[str], None]


@dataclass(frozen=True)
class Recovery:
    """When a strike was over (`at`), and how many seconds later everybody had their answers who were hit."""

    at: float
    seconds: float
    bound: float
    kinds: tuple[str, ...]


@dataclass
class Run:
    """One run of a plan on a site."""

    plan: Plan
    site: Site
    stage: Stage
    trouble: Trouble
    database: Database
    say: Say
    recoveries: list[Recovery] = field(default_factory=list)

    def go(self) -> None:
        """Run all rounds; updates come by polling and by webhook in turn."""
        started = time.monotonic()
        kinds, left_out = self.trouble.possible()
        for reason in left_out:
            self.say(f"left out: {reason}")
        blows = strikes(self.plan.seed, self.plan.faults, kinds & self.plan.kinds)
        for number in range(self.plan.rounds):
            share = (number + 1) / self.plan.rounds
            ingest = _INGEST[number % len(_INGEST)]
            self.say(f"round {number + 1} of {self.plan.rounds}: updates by {ingest}")
            self.site.take_updates(ingest)
            with self.stage.playing():
                self._round(blows, share, started + self.plan.seconds * share)
            self._come_to_rest()

    def _round(self, blows: Iterator[Strike], share: float, end: float) -> None:
        """Strike until this share of the faults is done, then go on until the updates are, or the time is over."""
        self._keep(lambda: bool(self.stage.settled_after(0, time.time())), 60)
        while self.trouble.done.total() < self.plan.faults * share and (blow := next(blows, None)):
            self._keep(lambda: False, blow.pause)
            self._strike(blow)
        self._keep(lambda: self.stage.sent() >= self.plan.updates * share, end - time.monotonic())

    def _strike(self, blow: Strike) -> None:
        over = self.trouble.strike(blow)
        hit = over + _AFTERWARDS
        self._keep(lambda: False, hit - time.time())
        self._keep(lambda: not self.stage.waiting(hit), PATIENCE)
        answered = self.stage.settled_after(over, hit)
        seconds = max((act.settled_at - over for act in answered if act.settled_at), default=0.0)
        if self.stage.waiting(hit):
            seconds = time.time() - over
        kinds = tuple(fault.kind.value for fault in blow.faults)
        self.recoveries.append(Recovery(over, seconds, bound(blow), kinds))
        done, sent = self.trouble.done.total(), self.stage.sent()
        self.say(f"{done:4} faults, {sent:5} updates, {seconds:5.1f} s: {' + '.join(kinds)}")

    def _keep(self, done: Callable[[], bool], seconds: float) -> None:
        """Keep the site up until something is done, or for some seconds."""
        until = time.monotonic() + seconds
        while not done() and time.monotonic() < until:
            self.stage.sent()
            self.site.keep()
            time.sleep(0.05)

    def _come_to_rest(self) -> None:
        """Wait until nothing is left to do; what is left nevertheless, the judgement tells."""

        def rests() -> bool:
            self.site.keep()
            try:
                return idle(self.database)
            except OperationalError:
                return False

        try:
            wait_until(rests, _REST, "the rows to come to rest")
        except TimeoutError as error:
            self.say(str(error))
        self.stage.listen()
