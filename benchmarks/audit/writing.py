"""Writers: processes that record acts, or insert into a plain table, in transactions of some acts each."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from time import perf_counter

from sqlalchemy import text

from benchmarks.audit.stage import BOT, open_database
from database.db import UnitOfWork
from database.models import AuditAct
from utils.identifiers import time_ordered_id

_INSERT = text(
    "INSERT INTO plain_events (id, bot_id, at, act, actor, subject, details)"
    " VALUES (:id, :bot_id, :at, :act, :actor, :subject, :details)"
)


def plain(uow: UnitOfWork, acts: int, number: int) -> None:
    """Insert rows of the same content into a table without anything around it."""
    rows = [
        {
            "id": time_ordered_id(),
            "bot_id": BOT,
            "at": datetime.now(UTC),
            "act": "chat_taken",
            "actor": 9002,
            "subject": f"conversation:{number}",
            "details": f'{{"place":{place}}}',
        }
        for place in range(acts)
    ]
    uow.session.execute(_INSERT, rows)


def recorded(uow: UnitOfWork, acts: int, number: int) -> None:
    """Record acts as use cases do."""
    for place in range(acts):
        uow.audit.record(AuditAct.CHAT_TAKEN, actor=9002, subject=f"conversation:{number}", place=place)


def rate(url: str, key: str, write: Callable[[UnitOfWork, int, int], None], *, events: int, acts: int) -> float:
    """Return how many events a second two processes write, `acts` in each transaction."""
    processes = 2
    context = get_context("spawn")
    with context.Pool(processes) as pool:
        pool.map(partial(_run, url, key, write, 1), [acts] * processes)  # connections are made, code is imported
        started = perf_counter()
        pool.map(partial(_run, url, key, write, acts), [events // processes] * processes)
        return events / (perf_counter() - started)


def _run(url: str, key: str, write: Callable[[UnitOfWork, int, int], None], acts: int, events: int) -> None:
    database = open_database(url, key)
    for number in range(events // acts):
        with database.unit_of_work() as uow:
            write(uow, acts, number)
    database.engine.dispose()
