"""The report of a run: figures, what was not kept with the journal around it, and the JSON of both."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector

from benchmarks.chaos.invariants import Violation, doubled, intrusions, lost, out_of_order, strange
from benchmarks.chaos.records import Records, read_records
from benchmarks.chaos.run import Run

_SHOWN = 6  # violations whose surroundings are printed


@dataclass(frozen=True)
class Report:
    """What a run came to. Recoveries are in seconds; `doubled_unknown` are doubles that an unknown outcome explains."""

    seed: int
    faults: dict[str, int]
    sent: int
    answered: int
    lost: int
    doubled: int
    doubled_unknown: int
    out_of_order: int
    recovery_p50: float
    recovery_max: float
    unknown_sends: int
    restarts: dict[str, int]
    last_words: tuple[str, ...]
    violations: tuple[Violation, ...]

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        return not self.violations

    def as_json(self) -> dict[str, Any]:
        """Return it for a file."""
        return asdict(self) | {"kept": self.kept}

    def lines(self) -> Iterator[str]:
        """Yield it for a person."""
        yield f"seed {self.seed}: {sum(self.faults.values())} faults, {self.sent} updates, {self.answered} answered"
        yield "faults: " + ", ".join(f"{number} {kind}" for kind, number in sorted(self.faults.items()))
        yield (
            f"lost {self.lost}, doubled {self.doubled}, doubled where the outcome was unknown {self.doubled_unknown}"
            f" (of {self.unknown_sends} that the metric counts), out of order {self.out_of_order}"
        )
        yield f"recovery: median {self.recovery_p50:.1f} s, longest {self.recovery_max:.1f} s"
        if self.restarts:
            yield "ended by themselves: " + ", ".join(f"{part} {number}" for part, number in self.restarts.items())
            yield from (f"  {words}" for words in self.last_words)
        for kind, number in Counter(violation.kind for violation in self.violations).items():
            yield f"NOT KEPT: {kind}, {number} times"
        yield "every promise was kept" if self.kept else f"replay this schedule with SEED={self.seed}"


def judge(run: Run) -> Report:
    """Judge a run that has come to rest."""
    records = read_records(run.database)
    stage = run.stage
    ledger, customers = stage.world.ledger, stage.customers
    doubles, explained = doubled(ledger, customers, records)
    missing = list(lost(ledger, customers, records))
    disorder = list(out_of_order(ledger))
    unknown = _unknown_sends(run.site.system.environment["PROMETHEUS_MULTIPROC_DIR"])
    others = [*intrusions(ledger, stage.journal, customers), *strange(ledger), *_slow(run), *_left(records)]
    if explained > unknown:
        others.append(Violation("not counted", f"{explained} doubles, of which the metric counts {unknown}"))
    recoveries = [recovery.seconds for recovery in run.recoveries]
    return Report(
        seed=run.plan.seed,
        faults=dict(run.trouble.done),
        sent=len(ledger.acts),
        answered=len(ledger.acts) - len(missing),
        lost=len(missing),
        doubled=len(doubles),
        doubled_unknown=explained,
        out_of_order=len(disorder),
        recovery_p50=round(median(recoveries or [0.0]), 2),
        recovery_max=round(max(recoveries, default=0.0), 2),
        unknown_sends=unknown,
        restarts=dict(Counter(run.site.ended_by_themselves)),
        last_words=tuple(run.site.last_words),
        violations=(*missing, *doubles, *disorder, *others),
    )


def surroundings(run: Run, report: Report) -> Iterator[str]:
    """Yield the journal around the first violations, and the faults in it."""
    for violation in report.violations[:_SHOWN]:
        yield f"\n{violation.kind}: {violation.sentence} (chat {violation.chat})"
        lines = run.stage.journal.around(violation.n, violation.chat) if violation.chat else []
        faults = [f"{at:.2f} ------ {words}" for at, words in run.trouble.log]
        if lines:
            first, last = lines[0].split(" ")[0], lines[-1].split(" ")[0]
            lines += [fault for fault in faults if first <= fault.split(" ")[0] <= last]
        yield from sorted(lines)


def _slow(run: Run) -> Iterator[Violation]:
    for recovery in run.recoveries:
        if recovery.seconds > recovery.bound:
            sentence = f"{recovery.seconds:.1f} s after {' + '.join(recovery.kinds)}, {recovery.bound:g} s are promised"
            yield Violation("slow recovery", sentence)


def _left(records: Records) -> Iterator[Violation]:
    for sentence in records.left:
        yield Violation("left behind", sentence)


def _unknown_sends(folder: str) -> int:
    """Return how many messages of unknown outcome were sent again, as all processes counted, the killed ones too."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=folder)  # type: ignore[no-untyped-call]  # has no types
    return int(registry.get_sample_value("bot_unknown_sends_total", {"resent": "yes"}) or 0)
