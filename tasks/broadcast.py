"""Wake-ups of broadcasts: one is under way."""

from services.queue_service import app
from tasks.base import BankTask


@app.task(name="broadcast.feed", base=BankTask, bind=True)
def feed(self: BankTask) -> None:
    """Feed running broadcasts into the outbox."""
    if self.worker.broadcasts.run():
        self.worker.wake_pump()
