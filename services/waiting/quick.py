"""Quick answers: what the knowledge surely holds is quoted to a customer who waits; the place stays theirs."""

from dataclasses import dataclass

from contexts.asked import Asked
from database.db import Database, UnitOfWork
from database.models import Author, Conversation, ConversationState
from database.queries.answer import Reasons
from database.queries.waiting import Quick
from services.metrics import QUICK_ANSWERS
from services.ports import Outbound
from services.reply import Composer, Outcome, Reply
from services.turn import Tools, Turn
from utils.sentences import split_html

_SURE = 0.6  # confidence; above the bar of ordinary answers, since nobody asked the machine
_LEASE = 30.0  # seconds


def ask(turn: Turn, conversation: Conversation) -> None:
    """Have what a waiting customer just wrote looked up, once it is kept."""
    if not (turn.tools.policy.waiting.quick and turn.uow.roles.ai_enabled()):
        return
    conversation.quick_question = turn.uow.waiting.last_words(conversation.id)
    conversation.quick_lease = None
    turn.uow.after_commit(turn.tools.wakeups.waiting)


@dataclass(frozen=True)
class QuickAnswers:
    """Looks up what waiting customers ask; `composer` quotes, so that nothing is said that the bank did not write."""

    database: Database
    tools: Tools
    composer: Composer

    def run(self) -> None:
        """Answer until nothing is asked any more."""
        while quick := self._claim():
            with self.database.reading() as uow:
                asked = self._asked(uow, quick)
            reply = self.composer.compose(asked) if asked else None
            with self.database.unit_of_work() as uow:
                self._settle(uow, quick, reply)
                uow.after_commit(self.tools.wakeups.delivery)

    def _claim(self) -> Quick | None:
        with self.database.unit_of_work() as uow:
            return uow.waiting.claim_quick(_LEASE)

    def _asked(self, uow: UnitOfWork, quick: Quick) -> Asked | None:
        said = uow.messages.said(quick.message_id)
        language = uow.users.by_id(quick.user_id).language or self.tools.policy.language
        return Asked(said.body, language) if said else None

    def _settle(self, uow: UnitOfWork, quick: Quick, reply: Reply | None) -> None:
        """Say the answer, if the customer still waits, for this very question: ownership is read again."""
        conversation = uow.conversations.lock(quick.conversation_id)
        if conversation is None or conversation.quick_question != quick.message_id:
            QUICK_ANSWERS.labels("overtaken").inc()
            return
        conversation.quick_question = conversation.quick_lease = None
        waits = conversation.state == ConversationState.QUEUED and conversation.queued_at == quick.queued_at
        outcome = _outcome(reply, waits=waits and uow.roles.ai_enabled())
        if reply and outcome == "said":
            self._say(uow, conversation, reply)
        QUICK_ANSWERS.labels(outcome).inc()

    def _say(self, uow: UnitOfWork, conversation: Conversation, reply: Reply) -> None:
        language = uow.users.by_id(conversation.user_id).language or self.tools.policy.language
        html = split_html(f"{self.tools.words.text(language, 'waiting.quick')}\n{reply.html}")[0]
        body = Outbound(html=html).model_dump_json(exclude_defaults=True)
        message = uow.messages.send(conversation.chat_id, body, author=Author.AI, conversation=conversation)
        uow.session.flush()
        passages = [
            {"chunk": p.chunk.id, "score": round(p.score, 4), "title": p.chunk.title} for p in reply.found.passages
        ]
        uow.answers.record(
            conversation.id, Reasons(reply.outcome, reply.found.confidence, passages), message_id=message.id
        )


def _outcome(reply: Reply | None, *, waits: bool) -> str:
    """Return what becomes of a reply, as its metric names it."""
    if not waits:
        return "overtaken"
    sure = reply is not None and reply.outcome is Outcome.EXTRACT and reply.found.confidence >= _SURE
    return "said" if sure else "unsure"
