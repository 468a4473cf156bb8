"""Trouble: begins and ends each kind of fault on a site, at its time."""

import os
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from heapq import heapify, heappop, heappush
from itertools import count
from pathlib import Path
from typing import Any

import redis

from benchmarks.chaos.schedule import PROCESSES, STORES, Fault, Kind, Strike
from benchmarks.chaos.site import DISK_BYTES, Site

_LIBRARIES = ("usr/lib/*/faketime/libfaketimeMT.so.1", "usr/lib*/faketime/libfaketimeMT.so.1")
_MINUTE = 60
_METHODS = (
    "sendMessage",
    "sendMessage",
    "sendMessage",
    "getUpdates",
    "*",
)  # most of all the calls that customers notice

Act = Callable[[], None]


def clock_library() -> Path | None:
    """Return libfaketime (Debian: apt install libfaketime), which sets one process's clock, or None."""
    return next((found for pattern in _LIBRARIES for found in Path("/").glob(pattern)), None)


class Trouble:
    """Makes strikes happen; all of it on the main thread, which the processes it starts are tied to."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._rules: dict[Fault, dict[str, Any]] = {}
        self._library = clock_library()
        self.done: Counter[str] = Counter()
        self.log: list[tuple[float, str]] = []  # when, what
        self._begin: dict[Kind, Callable[[Fault], Act]] = {
            Kind.KILL_FRONT: lambda _: self._kill("bot"),
            Kind.KILL_WORKER: lambda fault: self._kill(self._worker(fault)),
            Kind.KILL_SCHEDULER: lambda _: self._kill("scheduler"),
            Kind.KILL_REDIS: self._kill_redis,
            Kind.KILL_POSTGRES: self._kill_postgres,
            Kind.FLUSH_REDIS: self._flush_redis,
            Kind.DROP_BEFORE: self._telegram,
            Kind.DROP_AFTER: self._telegram,
            Kind.DELAY: self._telegram,
            Kind.RETRY_AFTER: self._telegram,
            Kind.STORM: self._telegram,
            Kind.MODEL_HUNG: lambda _: self._model("hang"),
            Kind.MODEL_REFUSED: lambda _: self._model("refuse"),
            Kind.MODEL_GARBLED: lambda _: self._model("garbled"),
            Kind.DISK_FULL: self._fill_disk,
            Kind.CLOCK_OFF: self._set_clock,
            Kind.KILL_RABBITMQ: self._kill_rabbitmq,
        }

    def possible(self) -> tuple[frozenset[Kind], list[str]]:
        """Return the kinds that this machine can do, and why the others are left out."""
        left_out: dict[Kind, str] = {}
        if not self._site.small_disks:
            left_out[Kind.DISK_FULL] = "disk full: only root can mount the small file system that it needs"
        if self._library is None:
            left_out[Kind.CLOCK_OFF] = "clock off: needs libfaketime (Debian: apt install libfaketime)"
        without = set(left_out) if self._site.servers.rabbitmq else {*left_out, Kind.KILL_RABBITMQ}
        return frozenset(set(Kind) - without), list(left_out.values())

    def strike(self, strike: Strike) -> float:
        """Let the faults of a strike begin and end, and keep everything else running meanwhile.

        Returns when (in seconds since 1970) the last of them was over: for what was killed, when it was killed.
        """
        order = count()
        begun = time.monotonic()
        due: list[tuple[float, int, Fault | Act]] = [(fault.after, next(order), fault) for fault in strike.faults]
        heapify(due)
        over = time.time()
        while due:
            if time.monotonic() - begun < due[0][0]:
                time.sleep(0.02)
                self._site.keep()
                continue
            moment, _, event = heappop(due)
            if isinstance(event, Fault):
                end = self._start(event)
                over = max(over, time.time() + (0 if event.kind in PROCESSES | STORES else event.seconds))
                heappush(due, (moment + event.seconds, next(order), end))
            else:
                event()
        return over

    def _start(self, fault: Fault) -> Act:
        self.done[fault.kind.value] += 1
        self.log.append((time.time(), f"{fault.kind} for {fault.seconds:.1f} s"))
        return self._begin[fault.kind](fault)

    def _worker(self, fault: Fault) -> str:
        workers = self._site.workers
        return workers[int(fault.dice * len(workers))]

    def _kill(self, part: str) -> Act:
        self._site.kill(part)
        return lambda: self._site.start(part) if part in self._site.down else None

    def _kill_redis(self, _fault: Fault) -> Act:
        self._site.servers.kill_redis()
        return self._site.servers.start_redis

    def _kill_postgres(self, _fault: Fault) -> Act:
        self._site.servers.kill_postgres()
        return self._site.servers.start_postgres

    def _kill_rabbitmq(self, _fault: Fault) -> Act:
        self._site.servers.kill_rabbitmq()
        return self._site.servers.start_rabbitmq

    def _flush_redis(self, _fault: Fault) -> Act:
        with suppress(redis.ConnectionError):  # killed a moment ago: what it held is as good as flushed
            self._site.servers.flush_redis()
        return lambda: None

    def _telegram(self, fault: Fault) -> Act:
        self._rules[fault] = _rule(fault)
        self._tell_telegram()

        def end() -> None:
            del self._rules[fault]
            self._tell_telegram()

        return end

    def _tell_telegram(self) -> None:
        self._site.system.sandbox.faults(*self._rules.values())

    def _model(self, fault: str) -> Act:
        self._site.tell_model(fault=fault)
        return self._site.tell_model

    def _fill_disk(self, _fault: Fault) -> Act:
        fillers = [folder / "filler" for folder in self._site.small_disks]
        for filler in fillers:
            with suppress(OSError):
                filler.write_bytes(os.urandom(DISK_BYTES))

        def end() -> None:
            for filler in fillers:
                filler.unlink(missing_ok=True)

        return end

    def _set_clock(self, fault: Fault) -> Act:
        part = ("bot", "scheduler", *self._site.workers)[int(fault.dice * (2 + len(self._site.workers)))]
        sign = "+" if fault.dice * 1000 % 2 < 1 else "-"
        again = self._kill(part)
        self._site.start(
            part, LD_PRELOAD=str(self._library), FAKETIME=f"{sign}{_MINUTE}", FAKETIME_DONT_FAKE_MONOTONIC="1"
        )

        def end() -> None:
            self._site.kill(part)
            again()

        return end


def _rule(fault: Fault) -> dict[str, Any]:
    method = _METHODS[int(fault.dice * len(_METHODS))]
    match fault.kind:
        case Kind.DROP_BEFORE | Kind.DROP_AFTER:
            kind = "drop_before" if fault.kind is Kind.DROP_BEFORE else "drop_after"
            return {"method": method, "kind": kind, "probability": 0.6}
        case Kind.DELAY:
            return {"method": method, "kind": "delay", "seconds": 1 + 9 * fault.dice, "times": 4}
        case Kind.RETRY_AFTER:
            return {"method": method, "kind": "retry_after", "retry_after": 1 + int(3 * fault.dice), "times": 6}
        case _:
            return {"method": method, "kind": "status", "status": (500, 502, 503)[int(fault.dice * 3)]}
