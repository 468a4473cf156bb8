"""Wake-ups of the inbox: chats have new updates."""

from services.queue_service import app
from tasks.base import BankTask


@app.task(name="inbox.advance", base=BankTask, bind=True)
def advance(self: BankTask, chat_ids: list[int]) -> None:
    """Work on what waits in these chats."""
    self.worker.intake.advance(chat_ids)
