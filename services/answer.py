"""Answering: claims a conversation that is due, composes without holding a transaction, commits if still ours."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import timedelta
from logging import getLogger
from threading import BoundedSemaphore

from database.db import Database, UnitOfWork
from database.errors import StaleLease
from database.models import Conversation, ConversationState
from database.queries.conversation import Claimed
from services import provenance, trial
from services.attempt import answering, writing
from services.claim import Question, claim_due
from services.desk.queueing import queue
from services.doubt import weighed
from services.errors import Unwanted
from services.jobs import Sender
from services.knowledge.passages import Found
from services.lease import Heartbeat
from services.metrics import ANSWER_SECONDS, ANSWERS
from services.reply import Composer, Outcome, Reply
from services.saying import say
from services.stream import Stream, Streams
from services.turn import Tools, Turn
from utils.tracing import fail

_MAX_FAILURES = 5  # attempts; then the question goes to the dead letters, and its asker is told
_MAX_PAUSE = 30.0  # seconds between attempts
_AT_ONCE = 4  # threads of a process that claim or write answers; a crowd of more would only wait for each other
_HANDED_OVER = {  # what the customer is told
    Outcome.HANDOVER: "handover.queued",
    Outcome.UNABLE: "handover.unable",
    Outcome.UNSURE: "handover.unsure",
    Outcome.OVERTAKEN: "handover.ai_off",
}

_log = getLogger(__name__)


class Answering:
    """Answers conversations, one at a time per calling thread."""

    def __init__(
        self,
        database: Database,
        tools: Tools,
        composer: Composer,
        heartbeat: Heartbeat,
        streams: Streams | None = None,
    ) -> None:
        self._database = database
        self._tools = tools
        self._composer = composer
        self._heartbeat = heartbeat
        self._streams = streams
        self._gate = BoundedSemaphore(_AT_ONCE)

    def run_due(self) -> int:
        """Answer until nothing is due any more; returns how many conversations were worked on."""
        done, more = 0, True
        while more and (question := self._claimed()):
            claim, traces = question.claim, [said.traceparent for said in question.said]
            attempt = answering(claim.conversation_id, claim.attempt, traces, question.failures)
            with ANSWER_SECONDS.time(), attempt, self._heartbeat.holding(claim, question.chat_id):
                more = self._answer(question)
            done += 1
        return done

    def _claimed(self) -> Question | None:
        with self._gate:
            return claim_due(self._database, self._tools, self._unopened)

    def _unopened(self, uow: UnitOfWork, claimed: Claimed) -> None:
        """Put a question off whose key may come back, but not for ever."""
        if claimed.failures <= _MAX_FAILURES:
            uow.conversations.put_off(claimed.claim, _pause_after(claimed.failures))
            return
        conversation = uow.conversations.held(claimed.claim)
        uow.dead_letters.bury_questions(conversation.id, "unreadable")
        language = claimed.language or self._tools.policy.language
        told = Reply(Outcome.FAILED, self._tools.words.text(language, "answer.failed"), Found())
        say(uow, conversation, told, self._tools.words.text(language, "answer.person"))
        self._settle(uow, conversation)
        uow.after_commit(self._tools.wakeups.delivery)
        ANSWERS.labels(Outcome.FAILED).inc()

    def _answer(self, question: Question) -> bool:
        """Answer a question; returns whether to look for another one."""
        try:
            with self._stream(question) as stream:
                return self._commit(question, self._reply(question, stream), stream)
        except StaleLease:
            self._overtaken(question)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the conversation must get its next attempt
            fail(error)
            _log.exception("an answer failed", extra={"failures": question.failures})
            ANSWERS.labels(Outcome.FAILED).inc()
            self._postpone(question)
        return True

    def _stream(self, question: Question) -> AbstractContextManager[Stream | None]:
        if self._streams is None or not question.said or question.test:
            return nullcontext()
        return self._streams.open(question.claim, question.chat_id, question.said[-1].id)

    def _reply(self, question: Question, stream: Stream | None) -> Reply | None:
        if not question.said:
            return None
        if question.failures > _MAX_FAILURES:
            return Reply(Outcome.FAILED, self._tools.words.text(question.language, "answer.failed"), Found())
        try:
            return self._composer.compose(question.asked, stream.grow if stream else None)
        except Unwanted:  # the commit finds out by whom, and calls a person where nobody is there yet
            return Reply(Outcome.OVERTAKEN, "", Found())
        finally:
            if stream:
                stream.settle()

    def _commit(self, question: Question, reply: Reply | None, stream: Stream | None) -> bool:
        """Write the reply, if nobody came first: ownership is read again in the same transaction (promise 7).

        Returns whether more is due at once.
        """
        with self._gate, writing(self._database.system), self._database.unit_of_work() as uow:
            if reply and reply.language:
                uow.users.hold([question.chat_id])  # before the conversation, as intake does
            conversation = uow.conversations.held(question.claim)
            if reply and conversation.state == ConversationState.AI:
                if not uow.roles.ai_enabled():
                    reply = replace(reply, outcome=Outcome.OVERTAKEN)
                reply = weighed(conversation, question.said[-1].id, reply, self._tools.policy.misses)
                self._write(uow, conversation, question, reply, stream)
            more = self._settle(uow, conversation)
            uow.after_commit(self._tools.wakeups.delivery)
        if reply and not question.test:
            ANSWERS.labels(reply.outcome).inc()
        return more

    def _write(
        self, uow: UnitOfWork, conversation: Conversation, question: Question, reply: Reply, stream: Stream | None
    ) -> None:
        if reply.outcome == Outcome.FAILED:
            uow.dead_letters.bury_questions(conversation.id, "failed", up_to=question.said[-1].id)
        uow.messages.answered(conversation.id, question.said[-1].id)
        if told := _HANDED_OVER.get(reply.outcome):
            user = uow.users.by_id(conversation.user_id)
            sender = Sender(telegram_id=user.telegram_id, name=uow.users.profile(user))
            queue(Turn(uow, user, sender, self._tools, question.traceparent), conversation, told)
            provenance.record(uow, question, reply, None)
            return
        if reply.language:
            uow.users.by_id(conversation.user_id).language = reply.language
        reply = trial.marked(self._tools.words, question.language, reply) if conversation.test else reply
        person = self._tools.words.text(reply.language or question.language, "answer.person")
        place = stream.message_id if stream else None
        message_id = say(uow, conversation, reply, person, question.traceparent, replaces=place)
        provenance.record(uow, question, reply, message_id)
        if stream:
            uow.after_commit(stream.keep)

    def _settle(self, uow: UnitOfWork, conversation: Conversation) -> bool:
        """Give the conversation back; messages that came meanwhile are due as they would have been.

        Returns whether more is due at once.
        """
        left = uow.backlog.behind(conversation)
        conversation.lease_until = None
        conversation.failures = 0
        conversation_id, chat_id = conversation.id, conversation.chat_id
        if conversation.state == ConversationState.AI and left.messages:
            conversation.asked_at = left.now
            conversation.answer_due_at = due = max(conversation.answer_due_at or left.now, left.now)
            delay = (due - left.now) / timedelta(seconds=1)
            uow.after_commit(lambda: self._tools.wakeups.answers([conversation_id], delay))
            return left.others or not delay
        conversation.asked_at = conversation.answer_due_at = None
        if left.updates:
            uow.after_commit(lambda: self._tools.wakeups.inbox([chat_id]))
        return left.others

    def _overtaken(self, question: Question) -> None:
        """Record that an answer was dropped because somebody else came first."""
        ANSWERS.labels(Outcome.OVERTAKEN).inc()
        with self._database.unit_of_work() as uow:
            provenance.record(uow, question, Reply(Outcome.OVERTAKEN, "", Found()), None)

    def _postpone(self, question: Question) -> None:
        try:
            with self._database.unit_of_work() as uow:
                uow.conversations.put_off(question.claim, _pause_after(question.failures))
        except StaleLease:
            self._overtaken(question)


def _pause_after(failures: int) -> float:
    return min(2.0**failures, _MAX_PAUSE)
