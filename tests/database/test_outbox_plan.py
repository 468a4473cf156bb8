"""What a look into a full outbox reads: counted in pages, on a table that PostgreSQL knows nothing of yet."""

import json

from sqlalchemy import Engine, insert

from database.db import Database
from database.models import Author, Delivery, Message, Priority
from database.queries import outbox
from tests.database.fixtures import another_bot

_WAITING, _LOOKED_AT = 2000, 60
_PAGES_A_MESSAGE = 20


def _pages_read(engine: Engine, bot_id: int) -> int:
    look = outbox.NEXT.compile(engine).construct_expanded_state({"bot": bot_id, "most": _LOOKED_AT})
    with engine.connect() as connection:
        explained = connection.exec_driver_sql(
            f"EXPLAIN (ANALYZE, FORMAT JSON) {look.statement}", look.parameters
        ).scalar_one()
        connection.rollback()
    [plan] = explained if isinstance(explained, list) else json.loads(explained)
    assert plan["Plan"]["Actual Rows"] == _LOOKED_AT
    return int(plan["Plan"]["Shared Hit Blocks"])


def test_a_look_reads_a_few_pages_for_each_message_however_many_wait(postgres_engine: Engine) -> None:
    bot: Database = another_bot(postgres_engine)
    rows = [
        {
            "bot_id": bot.bot_id,
            "chat_id": chat_id,
            "author": Author.SYSTEM,
            "state": Delivery.PENDING,
            "priority": Priority.BROADCAST,
        }
        for chat_id in range(_WAITING)
    ]
    with postgres_engine.begin() as connection:
        connection.execute(insert(Message), rows)
    assert _pages_read(postgres_engine, bot.bot_id) < _LOOKED_AT * _PAGES_A_MESSAGE
