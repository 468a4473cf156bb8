"""Work in the background: the scheduler's tick, summaries, people who wait, and those who want to be forgotten."""

from services.queue_service import app
from tasks.base import BankTask


@app.task(name="maintenance.tick", base=BankTask, bind=True)
def tick(self: BankTask) -> None:
    """Look for a changed knowledge file and for leftover files, and once a day at the audit log."""
    self.worker.ticked()
    self.worker.refresh_knowledge()
    self.worker.upkeep.leftovers.run()
    self.worker.upkeep.clerk.daily()


@app.task(name="maintenance.summarise", base=BankTask, bind=True)
def summarise(self: BankTask) -> None:
    """Sum up what fell out of the windows of dialogs."""
    self.worker.summarising.run_due()


@app.task(name="maintenance.erase", base=BankTask, bind=True)
def erase(self: BankTask) -> None:
    """Take erasures of customers further."""
    self.worker.eraser.run()


@app.task(name="maintenance.wait", base=BankTask, bind=True)
def wait(self: BankTask) -> None:
    """Answer what waiting customers ask, and tell them and the staff what is new."""
    self.worker.rounds.run()
