"""Puts a run together: site, stage, trouble; and judges it before all of that is stopped."""

from pathlib import Path

from benchmarks.chaos.journal import JournalReader
from benchmarks.chaos.ledger import Ledger
from benchmarks.chaos.people import World
from benchmarks.chaos.plan import Plan
from benchmarks.chaos.records import open_database
from benchmarks.chaos.replies import Slots
from benchmarks.chaos.report import Report, judge, surroundings
from benchmarks.chaos.run import Run, Say
from benchmarks.chaos.site import running_site
from benchmarks.chaos.stage import Stage
from benchmarks.chaos.trouble import Trouble
from benchmarks.chaos.words import make_vocabulary


def play(plan: Plan, folder: Path, say: Say) -> Report:
    """Run a plan in a folder of its own; what was not kept is said with the journal around it."""
    words = make_vocabulary(plan.seed)
    with running_site(folder, words, plan) as site:
        client = site.system.sandbox
        journal = JournalReader(client, Slots(words))
        stage = Stage(
            World(client, Ledger(), words), journal, seed=plan.seed, customers=plan.customers, think=plan.think
        )
        database = open_database(site.system.environment)
        run = Run(plan, site, stage, Trouble(site), database, say)
        run.go()
        report = judge(run)
        for line in surroundings(run, report):
            say(line)
        database.engine.dispose()
    return report
