"""Locks that are held together: whoever works on a person's updates must not stop who writes their answer."""

from sqlalchemy import Engine, text

from database.models import Step
from tests.database.fixtures import another_bot
from tests.database.people import person

CUSTOMER = 1


def test_a_locked_person_does_not_stop_their_conversation(postgres_engine: Engine) -> None:
    """A row that a transaction changes twice has its foreign keys checked, which needs a share of what they name."""
    database = another_bot(postgres_engine)
    with database.unit_of_work() as uow:
        user = person(uow, CUSTOMER)
        user.step = Step.DONE
        conversation = uow.conversations.start(user)
        uow.conversations.ask(conversation, 0.0, 0.0)
    with database.unit_of_work() as intake:
        assert intake.users.lock_chats([CUSTOMER]) == [CUSTOMER]
        assert intake.users.hold([CUSTOMER])
        with database.unit_of_work() as answering:
            answering.session.execute(text("SET LOCAL lock_timeout = '2s'"))
            claimed = answering.conversations.claim_due(20.0)
            assert claimed is not None
            answering.conversations.held(claimed.claim).failures = 7
            answering.session.flush()
