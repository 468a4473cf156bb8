"""Conversations: one open per chat, advanced by one worker at a time."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from database.db import Database
from database.errors import StaleLease
from database.models import Conversation, ConversationState
from database.queries.conversation import Claim
from tests.database.fixtures import another_bot
from tests.database.people import asked, conversation, person
from tests.database.threads import let_time_pass, together

LEASE = 30.0


def claim(database: Database) -> Claim | None:
    with database.unit_of_work() as uow:
        found = uow.conversations.claim_due(LEASE)
    return found.claim if found else None


def current(database: Database, conversation_id: UUID) -> Conversation:
    with database.reading() as uow:
        found = uow.conversations.lock(conversation_id)
        assert found is not None
        return found


def test_a_chat_has_one_open_conversation_at_most(database: Database) -> None:
    with database.unit_of_work() as uow:
        conversation(uow)
    with pytest.raises(IntegrityError), database.unit_of_work() as uow:
        uow.conversations.start(person(uow))


def test_after_the_end_the_next_conversation_is_another(database: Database) -> None:
    with database.unit_of_work() as uow:
        first = conversation(uow)
        first.state = ConversationState.CLOSED
    with database.unit_of_work() as uow:
        assert conversation(uow).id != first.id


def test_the_same_chat_of_two_bots_has_two_conversations(database: Database) -> None:
    other = another_bot(database.engine)
    assert asked(database, 1) != asked(other, 1)
    assert claim(database) is not None
    assert claim(database) is None
    assert claim(other) is not None


def test_answers_start_after_the_last_message_but_not_much_after_the_first(database: Database) -> None:
    with database.unit_of_work() as uow:
        talk = conversation(uow)
        uow.conversations.ask(talk, 0.8, 2.5)
        assert talk.asked_at is not None
        assert talk.answer_due_at == talk.asked_at + timedelta(seconds=0.8)
        talk.asked_at -= timedelta(seconds=2)
        uow.conversations.ask(talk, 0.8, 2.5)
        assert talk.answer_due_at == talk.asked_at + timedelta(seconds=2.5)


def test_nothing_is_claimed_before_it_is_due_and_the_longest_due_first(database: Database) -> None:
    asked(database, 1, delay=60)
    assert claim(database) is None
    second, third = asked(database, 2), asked(database, 3)
    claims = [claim(database), claim(database), claim(database)]
    assert [found.conversation_id for found in claims if found] == [second, third]


def test_each_conversation_is_claimed_by_one_of_many_workers(database: Database) -> None:
    questions = {asked(database, chat) for chat in range(1, 41)}

    def worker(_: int) -> list[UUID]:
        mine = []
        while found := claim(database):
            mine.append(found.conversation_id)
        return mine

    claimed = [conversation_id for mine in together(worker) for conversation_id in mine]
    assert len(claimed) == len(set(claimed))
    left = set(questions) - set(claimed)
    while found := claim(database):  # a worker that lost a race may have gone home early
        left.remove(found.conversation_id)
    assert not left


def test_a_lease_is_prolonged_only_by_who_holds_it(database: Database) -> None:
    conversation_id = asked(database, 1)
    dead = claim(database)
    let_time_pass(database)
    heir = claim(database)
    assert dead
    assert heir
    before = current(database, conversation_id).lease_until
    with database.unit_of_work() as uow:
        uow.conversations.prolong([dead], 900)
    assert current(database, conversation_id).lease_until == before
    with database.unit_of_work() as uow:
        uow.conversations.prolong([dead, heir], 900)
    after = current(database, conversation_id).lease_until
    assert before
    assert after
    assert after > before + timedelta(seconds=600)


def test_a_prolonged_lease_outlives_its_first_end(database: Database) -> None:
    asked(database, 1)
    held = claim(database)
    assert held
    let_time_pass(database)
    with database.unit_of_work() as uow:
        uow.conversations.prolong([held], LEASE)
    assert claim(database) is None


def test_a_lease_that_was_given_back_is_not_taken_again_by_a_late_beat(database: Database) -> None:
    conversation_id = asked(database, 1)
    held = claim(database)
    assert held
    with database.unit_of_work() as uow:
        uow.conversations.held(held).lease_until = None
    with database.unit_of_work() as uow:
        uow.conversations.prolong([held], LEASE)
    assert current(database, conversation_id).lease_until is None


def test_a_stale_holder_is_refused(database: Database) -> None:
    asked(database, 1)
    dead = claim(database)
    let_time_pass(database)
    assert claim(database)
    assert dead
    with pytest.raises(StaleLease), database.unit_of_work() as uow:
        uow.conversations.held(dead)


def test_overdue_are_those_that_nobody_works_on(database: Database) -> None:
    overdue, worked_on = asked(database, 2), asked(database, 1)
    let_time_pass(database)
    with database.unit_of_work() as uow:
        talk = uow.conversations.lock(worked_on)
        assert talk
        uow.conversations.ask(talk, 60, 60)
    with database.reading() as uow:
        assert uow.conversations.due(older_than=0.5) == [overdue]
        assert uow.conversations.due(older_than=60) == []
    assert claim(database)
    with database.reading() as uow:
        assert uow.conversations.due(older_than=0) == []
