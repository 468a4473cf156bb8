"""Wake-ups of the knowledge: a version waits for its check."""

from services.queue_service import app
from tasks.base import BankTask


@app.task(name="knowledge.check", base=BankTask, bind=True)
def check(self: BankTask) -> None:
    """Hold versions against the golden questions."""
    self.worker.checks.run()
