"""The scheduler's tick: looks after what nobody asked for."""

from services.queue_service import app
from tasks.base import BankTask


@app.task(name="maintenance.tick", base=BankTask, bind=True)
def tick(self: BankTask) -> None:
    """Look for a changed knowledge file."""
    self.worker.ticked()
    self.worker.refresh_knowledge()
