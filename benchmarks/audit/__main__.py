"""Prints how fast acts are written, plainly and recorded, how fast they are sealed, and how long a check takes."""

import argparse
from threading import Event, Thread
from time import perf_counter
from typing import Self

from benchmarks.audit.stage import make_clerk, open_database, stage
from benchmarks.audit.writing import plain, rate, recorded
from services.audit.clerk import INTERVAL, Clerk
from services.audit.proof import prove

TARGETS = {"events a second while writing": 5000, "seconds for the check": 60, "bytes of a proof": 2048}


class Sealing:
    """A clerk at work in a thread while others write; remembers for how long the oldest act has waited."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk
        self._stopped = Event()
        self._thread = Thread(target=self._run)
        self.longest = 0.0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(INTERVAL):
            self.longest = max(self.longest, self._clerk.waits())
            self._clerk.work()


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--events", type=int, default=20_000, help="written at each measurement; 0 for none")
    options.add_argument("--rows", type=int, default=1_000_000, help="events in the log that is checked")
    options.add_argument("--durable", action="store_true", help="let PostgreSQL wait for the disk at each commit")
    asked = options.parse_args()
    with stage(durable=asked.durable) as (url, key, folder):
        database = open_database(url, key)
        clerk = make_clerk(database, folder)
        print(
            "acts in a transaction   plain inserts/s   recorded/s   recorded and sealed meanwhile/s   longest unsealed"
        )
        for acts in (1, 5, 50) if asked.events else ():
            bare = rate(url, key, plain, events=asked.events, acts=acts)
            alone = rate(url, key, recorded, events=asked.events, acts=acts)
            clerk.work()
            with Sealing(clerk) as sealing:
                sealed = rate(url, key, recorded, events=asked.events, acts=acts)
            clerk.work()
            print(f"{acts:21}   {bare:15.0f}   {alone:10.0f}   {sealed:31.0f}   {sealing.longest:14.2f} s")
        with database.reading() as uow:
            tree = uow.audit_tree.head()
        missing = asked.rows - (tree.size if tree else 0)
        if missing > 0:
            filled = rate(url, key, recorded, events=missing, acts=1000)
            started = perf_counter()
            clerk.work()
            speed = missing / (perf_counter() - started)
            print(f"filled at {filled:.0f}/s; {missing} acts that waited sealed at {speed:.0f}/s")
        started = perf_counter()
        report = clerk.check()
        print(f"{report.size} events checked in {perf_counter() - started:.1f} s, {report.number} findings")
        started = perf_counter()
        with database.reading() as uow:
            [row] = uow.audit_tree.leaves(report.size // 2, report.size // 2 + 1)
            proof = str(prove(uow, clerk.notary, row.event_id))
        print(f"an event of them proved in {perf_counter() - started:.1f} s, {len(proof.encode())} bytes")
        print(f"wanted: {TARGETS}")


if __name__ == "__main__":
    main()
