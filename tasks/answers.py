"""Wake-ups of answering: conversations are due."""

from services.queue_service import app
from tasks.base import BankTask


@app.task(name="answers.run", base=BankTask, bind=True)
def run(self: BankTask) -> None:
    """Answer what is due, unless all slots do so already: each of them goes on until nothing is due."""
    with self.worker.answer_slots.taken() as free:
        if free:
            self.worker.answering.run_due()
