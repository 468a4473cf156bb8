"""What tests of the outbox share: start sending what may go, and write down what became of it."""

from database.db import Database
from database.models import Delivery
from database.queries.delivery import Outcome, Started

LEASE = 30.0
ALL = 1000


def take(database: Database, room: int = ALL) -> list[Started]:
    """Start sending what may go now, as a dispatcher without limits does."""
    with database.unit_of_work() as uow:
        return uow.delivery.start([item.id for item in uow.delivery.candidates(room)], LEASE)


def settle(database: Database, taken: Started, state: Delivery = Delivery.SENT, **more: float | str | bool) -> None:
    """Write down what became of an attempt that `take` started."""
    outcome = Outcome(taken.id, taken.attempt, state, **more)  # type: ignore[arg-type]  # names are checked by it
    with database.unit_of_work() as uow:
        uow.delivery.settle([outcome])
