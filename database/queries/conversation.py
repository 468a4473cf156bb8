"""Queries over conversations: the open one of a chat, the lease of whoever answers it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import and_, bindparam, func, or_, select, tuple_, update

from database.errors import StaleLease
from database.models import Bot, Conversation, ConversationState, User
from database.queries import due
from database.queries.scope import Queries
from database.types import db_now


@dataclass(frozen=True)
class Claim:
    """A lease on a conversation; `attempt` fences every later write."""

    conversation_id: UUID
    attempt: int


@dataclass(frozen=True)
class Claimed:
    """A claim, and what is known of its conversation; `language` is the customer's, if they have chosen one."""

    id: UUID
    attempt: int
    chat_id: int
    failures: int
    user_id: UUID
    language: str | None
    profile: bytes | None
    context_from: int
    summary: bytes | None
    summary_up_to: int | None
    open_question: int | None
    last_outcome: str | None
    test: bool

    @property
    def claim(self) -> Claim:
        """The lease."""
        return Claim(self.id, self.attempt)


_OPEN = (
    select(Conversation)
    .where(
        Conversation.bot_id == bindparam("bot"),
        Conversation.chat_id.in_(bindparam("chats", expanding=True)),
        or_(
            Conversation.state != ConversationState.CLOSED,
            and_(Conversation.reopen_until.is_not(None), Conversation.reopen_until > db_now()),
        ),
    )
    .order_by(Conversation.chat_id, Conversation.closed_at, Conversation.id)
    .with_for_update(key_share=True)
)
_LOCK = (
    select(Conversation)
    .where(Conversation.bot_id == bindparam("bot"), Conversation.id == bindparam("conversation"))
    .with_for_update(key_share=True)
)
# With the bot's row, which says whether the AI is on: whoever answers asks for it next.
_HELD = (
    select(Conversation, Bot)
    .join(Bot, Bot.id == Conversation.bot_id)
    .where(Conversation.bot_id == bindparam("bot"), Conversation.id == bindparam("conversation"))
    .with_for_update(key_share=True, of=Conversation)
)


@dataclass(frozen=True)
class ConversationQueries(Queries):
    """The conversations of one bot; `held_open` are those that this transaction looked up by their chats."""

    held_open: dict[int, Conversation | None] = field(default_factory=dict)

    def hold_open(self, chat_ids: Collection[int]) -> None:
        """Lock the open conversations of chats until the commit, so that `open_for` need not ask for each."""
        found = list(self.session.scalars(_OPEN, {"bot": self.bot_id, "chats": list(chat_ids)}))
        found.sort(key=lambda conversation: conversation.state != ConversationState.CLOSED)  # the open one is the last
        self.held_open.update(dict.fromkeys(chat_ids) | {conversation.chat_id: conversation for conversation in found})

    def open_for(self, chat_id: int) -> Conversation | None:
        """Return the chat's open conversation, locked until the commit."""
        if chat_id not in self.held_open:
            self.hold_open([chat_id])
        conversation = self.held_open[chat_id]
        return conversation if conversation and conversation.state != ConversationState.CLOSED else None

    def closed_lately(self, chat_id: int) -> Conversation | None:
        """Return the chat's conversation that words go on with for a while after its end, locked until the commit."""
        conversation = None if self.open_for(chat_id) else self.held_open[chat_id]
        return conversation if conversation and conversation.reopen_until else None

    def start(self, user: User) -> Conversation:
        """Open a conversation with a person who has none."""
        conversation = Conversation(
            id=uuid4(), bot_id=self.bot_id, user_id=user.id, chat_id=user.telegram_id, state=ConversationState.AI
        )
        self.session.add(conversation)
        self.held_open[user.telegram_id] = conversation
        return conversation

    def lock(self, conversation_id: UUID) -> Conversation | None:
        """Return a conversation by its key, locked until the commit."""
        return self.session.scalars(_LOCK, {"bot": self.bot_id, "conversation": conversation_id}).one_or_none()

    def ask(self, conversation: Conversation, debounce: float, debounce_max: float) -> float:
        """Set when the answer starts: `debounce` seconds after the last message, `debounce_max` after the first.

        Returns in how many seconds that is.
        """
        now = self.scope.now
        first = conversation.asked_at or now
        conversation.asked_at = first
        conversation.answer_due_at = min(now + timedelta(seconds=debounce), first + timedelta(seconds=debounce_max))
        return max(0.0, (conversation.answer_due_at - now).total_seconds())

    def claim_due(self, lease: float) -> Claimed | None:
        """Lease the longest-due conversation that waits for an answer, or return None."""
        row = self.run(due.CLAIM, {"bot": self.bot_id, "lease": lease}).one_or_none()
        return Claimed(*row) if row else None

    def held(self, claim: Claim) -> Conversation:
        """Return a leased conversation, locked until the commit; raises StaleLease when it is no longer ours."""
        key = {"bot": self.bot_id, "conversation": claim.conversation_id}
        row = self.session.execute(_HELD, key).one_or_none()
        if row is None or row[0].attempt != claim.attempt:
            raise StaleLease("the conversation was claimed by another worker meanwhile")
        conversation, bot = row
        self.keep_bot(bot)
        return conversation

    def wanted(self, claim: Claim) -> bool:
        """Tell whether an answer that is being made may still be said: nobody came first, and the AI is on."""
        key = {"bot": self.bot_id, "conversation": claim.conversation_id, "attempt": claim.attempt}
        return bool(self.run(due.WANTED, key).scalar())

    def put_off(self, claim: Claim, seconds: float) -> None:
        """Give a leased conversation back, due again after some seconds; raises StaleLease when it is not ours."""
        conversation = self.held(claim)
        conversation.lease_until = None
        conversation.answer_due_at = self.session.execute(select(db_now(seconds))).scalar_one()

    def prolong(self, claims: Collection[Claim], lease: float) -> None:
        """Extend leases of conversations that are still being answered."""
        keys = [(claim.conversation_id, claim.attempt) for claim in claims]
        self.execute(
            update(Conversation)
            .where(tuple_(Conversation.id, Conversation.attempt).in_(keys), Conversation.lease_until.is_not(None))
            .values(lease_until=db_now(lease))
        )

    def due(self, older_than: float) -> list[UUID]:
        """Return conversations whose answer is overdue by some seconds and that nobody works on."""
        statement = select(Conversation.id).where(
            due.is_due(self.bot_id), Conversation.answer_due_at <= db_now(-older_than)
        )
        return list(self.session.scalars(statement.limit(500)))

    def counts(self) -> dict[str, int]:
        """Return how many conversations are in each state, without tests."""
        rows = self.session.execute(
            select(Conversation.state, func.count())
            .where(Conversation.bot_id == self.bot_id, Conversation.test.is_(False))
            .group_by(Conversation.state)
        )
        return {state: int(number) for state, number in rows}
