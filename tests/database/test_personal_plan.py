"""What belongs to one customer is found by indexes, not by reading all messages there are: anybody may ask for it."""

from sqlalchemy import Engine, func, insert, select

from database.models import Author, Delivery, Message
from database.queries.personal import OF_A_CUSTOMER
from tests.database.fixtures import another_bot
from tests.database.people import conversation, person

_LOOSE = {"author": Author.SYSTEM, "state": Delivery.SENT}


def test_a_customers_messages_are_found_by_indexes(engine: Engine) -> None:
    bot = another_bot(engine)
    with bot.unit_of_work() as uow:
        talk = conversation(uow)
        uow.messages.received(talk, "Hello", None, answered=True)
        uow.session.flush()
        mine = uow.personal.customer(person(uow))
        assert mine.talks == (talk.id,)
    wanted = select(func.count()).select_from(Message).where(Message.bot_id == bot.bot_id, OF_A_CUSTOMER[Message](mine))
    asked = wanted.compile(engine, compile_kwargs={"literal_binds": True})
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            others = [{**_LOOSE, "bot_id": bot.bot_id, "chat_id": chat_id} for chat_id in range(2, 3000)]
            connection.execute(insert(Message), others)
            connection.exec_driver_sql("ANALYZE messages")
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            plan = "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {asked}"))
            assert {"ix_messages_loose", "ix_messages_conversation"} <= set(plan.split()), plan
        else:
            plan = "\n".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}"))
            assert "SCAN messages" not in plan, plan
        connection.rollback()
