"""Wake-ups of the inbox: chats have new updates, or the desk has something to share out."""

from services.queue_service import app
from tasks.base import BankTask


@app.task(name="inbox.advance", base=BankTask, bind=True)
def advance(self: BankTask, chat_ids: list[int]) -> None:
    """Work on what waits in these chats."""
    self.worker.intake.advance(chat_ids)


@app.task(name="inbox.tend", base=BankTask, bind=True)
def tend(self: BankTask) -> None:
    """Share out who waits."""
    self.worker.tender.wake()
