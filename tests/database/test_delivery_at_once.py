"""One message of a chat at a time, also while somebody else's claim is not committed yet."""

from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any

from sqlalchemy import text, update

from database.db import Database, UnitOfWork
from database.models import Delivery, Message, Priority
from database.queries.outbox import OVERTAKEN
from services.errors import BLOCKED, PermanentError
from services.ports import Outbound
from services.sending import failed, sent
from tests.database.people import message, outgoing, person
from tests.database.threads import together
from tests.services.pumping import make_dispatcher
from tests.system import wait_until

HELLO = Outbound(html="Hello").model_dump_json()
_WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


def wait_held_up(database: Database, taking: "Future[Any]") -> None:
    """Wait until whoever takes waits for us; on SQLite nobody gets any further while we write."""

    def held_up() -> bool:
        with database.reading() as uow:
            return taking.done() or bool(uow.session.scalar(_WAITING))

    if database.engine.name == "postgresql":
        wait_until(held_up)


def test_a_reply_does_not_join_a_broadcast_whose_claim_is_not_committed_yet(database: Database) -> None:
    broadcast = outgoing(database, 1, HELLO, Priority.BROADCAST)

    def write_and_take() -> list[int]:
        ids = [outgoing(database, 1, HELLO), outgoing(database, 2, HELLO)]
        assert [parcel.message_id for parcel in make_dispatcher(database).take(10).parcels] == ids[1:]
        return ids

    with ThreadPoolExecutor(1) as pool:
        with database.unit_of_work() as uow:
            claimed = [one.id for one in uow.delivery.candidates(10)]
            uow.delivery.start(claimed, 30.0)
            taking = pool.submit(write_and_take)
            wait_held_up(database, taking)
        reply, other = taking.result(20)
    states = [message(database, one).state for one in (broadcast, reply, other)]
    assert states == [Delivery.SENDING, Delivery.PENDING, Delivery.SENDING]


def test_many_dispatchers_never_send_two_messages_of_a_chat_at_once(database: Database) -> None:
    outgoing(database, 1, HELLO)
    outgoing(database, 2, HELLO)
    under_way: Counter[int] = Counter()
    done: list[int] = []
    lock = Lock()

    def write_take_and_send(number: int) -> None:
        postman = make_dispatcher(database)
        for turn in range(12):
            outgoing(database, 1 + turn % 2, HELLO, list(Priority)[(number + turn) % 3])
            parcels = postman.take(10).parcels
            with lock:
                under_way.update(parcel.chat_id for parcel in parcels)
                assert max(under_way.values(), default=0) <= 1
            with lock:
                under_way.subtract(parcel.chat_id for parcel in parcels)
                done.extend(parcel.message_id for parcel in parcels)
            postman.settle([sent(parcel, 1) for parcel in parcels])

    together(write_take_and_send)
    assert len(set(done)) == len(done)


def test_who_writes_that_a_person_blocked_the_bot_does_not_stop_who_takes_back_what_they_were_told(
    database: Database,
) -> None:
    """Intake has the person, then their messages: who has these first would wait for it, and it for them."""
    with database.unit_of_work() as uow:
        person(uow, 1)
    going = outgoing(database, 1, HELLO)
    postman = make_dispatcher(database)
    [parcel] = postman.take(1).parcels
    with ThreadPoolExecutor(1) as pool:
        with database.unit_of_work() as intake:
            assert intake.users.hold([1])
            settling = pool.submit(postman.settle, [failed(parcel, PermanentError(BLOCKED))])
            wait_held_up(database, settling)
            _take_back(intake, going)
        settling.result(20)
    with database.reading() as uow:
        user = uow.users.get(1)
        assert user
        assert user.blocked_at


def test_endings_of_many_chats_are_written_in_the_order_in_which_intake_goes_through_them(database: Database) -> None:
    for chat_id in (1, 2):
        outgoing(database, chat_id, HELLO)
    postman = make_dispatcher(database)
    first, second = sorted(postman.take(2).parcels, key=lambda parcel: parcel.chat_id)
    with ThreadPoolExecutor(1) as pool:
        with database.unit_of_work() as intake:
            _take_back(intake, first.message_id)
            settling = pool.submit(postman.settle, [sent(second, 2), sent(first, 1)])
            wait_held_up(database, settling)
            _take_back(intake, second.message_id)
        settling.result(20)
    states = [message(database, parcel.message_id).state for parcel in (first, second)]
    assert states == [Delivery.SENT, Delivery.SENT]


def _take_back(uow: UnitOfWork, message_id: int) -> None:
    taken_back = update(Message).where(Message.id == message_id).values(reason=OVERTAKEN, resends=1)
    uow.session.execute(taken_back, execution_options={"synchronize_session": False})
