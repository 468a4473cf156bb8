"""Several workers at once: the same act in many threads that start together."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from sqlalchemy import update

from database.db import Database
from database.models import Conversation, Erasure, InboxRow, IndexVersion, Message
from database.types import db_now

THREADS = 8
Result = TypeVar("Result")


def together(act: Callable[[int], Result], threads: int = THREADS) -> Sequence[Result]:
    """Run an act in threads that start at once; each is given its number. Raises what one of them raised."""
    barrier = Barrier(threads)

    def run(number: int) -> Result:
        barrier.wait(timeout=60)
        return act(number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


def let_time_pass(database: Database) -> None:
    """Make every lease of the bot run out, and everything that was put off due, as if a day had gone by."""
    ago = db_now(-1)
    with database.unit_of_work() as uow:
        for model in (InboxRow, Conversation, Message, IndexVersion, Erasure):
            leased = update(model).where(model.bot_id == database.bot_id, model.lease_until.is_not(None))
            uow.session.execute(leased.values(lease_until=ago), execution_options={"synchronize_session": False})
        for waiting in (InboxRow, Message):
            put_off = update(waiting).where(waiting.bot_id == database.bot_id, waiting.not_before.is_not(None))
            uow.session.execute(put_off.values(not_before=ago), execution_options={"synchronize_session": False})
        due = update(Conversation).where(
            Conversation.bot_id == database.bot_id, Conversation.answer_due_at.is_not(None)
        )
        uow.session.execute(due.values(answer_due_at=ago), execution_options={"synchronize_session": False})
