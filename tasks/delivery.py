"""Wake-ups of delivery: there are messages to send."""

from services.queue_service import app
from tasks.base import BankTask


@app.task(name="delivery.run", base=BankTask, bind=True)
def run(self: BankTask) -> None:
    """Wake the pump of this process."""
    self.worker.wake_pump()
