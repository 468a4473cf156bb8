"""Wake-ups of the knowledge: an index waits to be built, or a version for its check."""

from services.queue_service import app
from tasks.base import BankTask


@app.task(name="knowledge.check", base=BankTask, bind=True)
def check(self: BankTask) -> None:
    """Build the indexes that are wanted, then hold versions against the golden questions."""
    self.worker.builder.run()
    self.worker.checks.run()
