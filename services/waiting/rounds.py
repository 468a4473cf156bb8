"""Rounds through the queue: who waits is told news of the place, and an opening desk hears who waits for it."""

from collections.abc import Callable

from database.db import UnitOfWork
from database.models import Conversation, ConversationState
from database.queries.waiting import InLine
from services import callback
from services.desk.desk import Desk
from services.desk.queueing import summon
from services.jobs import Sender
from services.turn import Turn
from services.waiting import place
from services.waiting.desk import look
from services.waiting.estimate import Crew
from services.waiting.quick import QuickAnswers

_CALLED_AT_ONCE = 10  # customers that an opening desk is told of one by one in each round


class Rounds:
    """Goes through the queue, once what waits for an answer has one; each is told in a transaction of their own."""

    def __init__(self, quick: QuickAnswers) -> None:
        self._quick = quick
        self._database = quick.database
        self._tools = quick.tools

    def run(self) -> None:
        """Go once."""
        self._quick.run()
        rules = self._tools.policy.waiting
        with self._database.reading() as uow:
            now = uow.now()
            line, crew = uow.waiting.line(), look(Desk(uow, self._tools))
            is_open = rules.hours.is_open(now)
        for number, waits in enumerate(line, start=1):
            if place.is_news(waits, number, now, rules.pause):
                self._with(waits, crew, place.tell_news)
        if is_open:
            for waits in [waits for waits in line if waits.told_at is None][:_CALLED_AT_ONCE]:
                self._with(waits, crew, _opened)
            with self._database.unit_of_work() as uow:
                callback.announce(uow, self._tools)
                uow.after_commit(self._tools.wakeups.delivery)

    def _with(self, waits: InLine, crew: Crew, act: Callable[[Turn, Conversation, Crew], None]) -> None:
        with self._database.unit_of_work() as uow:
            conversation = uow.conversations.lock(waits.conversation_id)
            if (
                conversation is None
                or conversation.state != ConversationState.QUEUED
                or conversation.told_at != waits.told_at  # somebody else told them meanwhile
            ):
                return
            act(self._turn(uow, conversation), conversation, crew)
            uow.after_commit(self._tools.wakeups.delivery)

    def _turn(self, uow: UnitOfWork, conversation: Conversation) -> Turn:
        user = uow.users.by_id(conversation.user_id)
        return Turn(uow, user, Sender(telegram_id=user.telegram_id), self._tools)


def _opened(turn: Turn, conversation: Conversation, crew: Crew) -> None:
    """Call those who are on call for somebody who left a message while nobody was there."""
    place.tell_news(turn, conversation, crew)
    summon(Desk.of(turn), conversation)
