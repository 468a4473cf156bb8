"""The night's work: what closed is archived, what is too old goes."""

from services.queue_service import app
from tasks.base import BankTask


@app.task(name="archive.night", base=BankTask, bind=True)
def night(self: BankTask) -> None:
    """Do the night's work, if it is due and nobody else is at it."""
    self.worker.upkeep.night.tick()
