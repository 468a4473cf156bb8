"""How a conversation moves: every state by every act."""

import itertools
from datetime import UTC, datetime

import pytest

from database.db import Database
from database.errors import StaleLease
from database.models import Conversation, ConversationState
from services.conversation import Act, forget_question, move
from services.errors import WrongTransition
from tests.database.people import asked

AI, QUEUED, WITH_OPERATOR, CLOSED = ConversationState
WAYS = {
    (AI, Act.ASK_FOR_PERSON): QUEUED,
    (QUEUED, Act.TAKE): WITH_OPERATOR,
    (WITH_OPERATOR, Act.GIVE_BACK): QUEUED,
    (WITH_OPERATOR, Act.PASS_ON): WITH_OPERATOR,
    (CLOSED, Act.REOPEN): WITH_OPERATOR,
    (AI, Act.END): CLOSED,
    (QUEUED, Act.END): CLOSED,
    (WITH_OPERATOR, Act.END): CLOSED,
    (CLOSED, Act.COME_BACK): AI,
}


@pytest.mark.parametrize(("state", "act"), WAYS)
def test_an_act_moves_a_conversation(state: ConversationState, act: Act) -> None:
    conversation = Conversation(state=state)
    move(conversation, act)
    assert conversation.state == WAYS[state, act]


@pytest.mark.parametrize(("state", "act"), sorted(set(itertools.product(ConversationState, Act)) - set(WAYS)))
def test_there_is_no_other_way(state: ConversationState, act: Act) -> None:
    conversation = Conversation(state=state)
    with pytest.raises(WrongTransition, match=f"{act} does not lead anywhere from {state}"):
        move(conversation, act)
    assert conversation.state == state


def test_a_forgotten_question_waits_for_nothing() -> None:
    now = datetime.now(UTC)
    conversation = Conversation(asked_at=now, answer_due_at=now, lease_until=now, attempt=3)
    forget_question(conversation)
    assert (conversation.asked_at, conversation.answer_due_at, conversation.lease_until) == (None, None, None)


def test_whoever_was_answering_a_forgotten_question_is_fenced_out(database: Database) -> None:
    asked(database, 1)
    with database.unit_of_work() as uow:
        claimed = uow.conversations.claim_due(30.0)
        assert claimed
    with database.unit_of_work() as uow:
        forget_question(uow.conversations.held(claimed.claim))
    with database.unit_of_work() as uow, pytest.raises(StaleLease):
        uow.conversations.held(claimed.claim)
