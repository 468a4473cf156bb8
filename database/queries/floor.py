"""Queries over the desk's floor: who waits, who serves whom, who has room; assignment has one lock of its own."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, bindparam, func, insert, or_, select, update

from database.models import Bot, Conversation, ConversationState, DeskAct, DeskEvent, User
from database.queries.scope import Queries
from database.queries.turns import queue_order
from database.types import db_now

SHORT = 6  # hexadecimal digits of a conversation's key that people see and type
_GAVE_AWAY = (DeskAct.RETURNED, DeskAct.TRANSFERRED, DeskAct.ESCALATED)
_SERVE = select(Conversation.staff_id).where(
    Conversation.bot_id == bindparam("bot"),
    Conversation.state == ConversationState.WITH_OPERATOR,
    Conversation.staff_id.in_(bindparam("accounts", expanding=True)),
)


@dataclass(frozen=True)
class FloorQueries(Queries):
    """Customers and operators of one bot, as assignment sees them; `idle` serve nobody, as this transaction saw."""

    idle: set[int] = field(default_factory=set)

    def lock(self) -> None:
        """Let nobody else give customers to operators until the commit.

        The last lock that a transaction takes: whoever has the floor waits for no conversation and no operator, since
        who has one of these may be waiting for the floor. What else is wanted then is taken if it is free.
        """
        self.session.execute(select(Bot.id).where(Bot.id == self.bot_id).with_for_update(key_share=True))

    def waiting(self, limit: int | None = None, *, free: bool = False) -> list[tuple[Conversation, str | None]]:
        """Return who waits, in their order, with their languages; `free`: offered to nobody now."""
        statement = (
            select(Conversation, User.language)
            .join(User, User.id == Conversation.user_id)
            .where(self._in(ConversationState.QUEUED))
            .order_by(*queue_order())
            .limit(limit)
        )
        if free:
            statement = statement.where(_unoffered())
        return [(conversation, language) for conversation, language in self.session.execute(statement)]

    def hold_free(self, conversation_ids: Collection[UUID]) -> set[UUID]:
        """Lock those of some customers who still wait for an offer and whom nobody else holds; returns which."""
        statement = select(Conversation).where(
            self._in(ConversationState.QUEUED), Conversation.id.in_(conversation_ids), _unoffered()
        )
        locked = statement.with_for_update(key_share=True, skip_locked=True)
        held = self.session.scalars(locked.execution_options(populate_existing=True))
        return {conversation.id for conversation in held}

    def loads(self) -> dict[int, int]:
        """Return how many chats and open offers each operator has."""
        serving = select(Conversation.staff_id, func.count()).where(self._in(ConversationState.WITH_OPERATOR))
        offered = select(Conversation.offered_to, func.count()).where(
            self._in(ConversationState.QUEUED), Conversation.offered_until > db_now()
        )
        found: dict[int, int] = {}
        for statement in (serving.group_by(Conversation.staff_id), offered.group_by(Conversation.offered_to)):
            for telegram_id, number in self.session.execute(statement):
                if telegram_id is not None:
                    found[telegram_id] = found.get(telegram_id, 0) + number
        return found

    def passed(self, recent: float) -> set[tuple[UUID, int]]:
        """Return which operator does not get which waiting customer: gave them away, or let an offer pass lately."""
        statement = (
            select(DeskEvent.conversation_id, DeskEvent.operator_id)
            .join(Conversation, Conversation.id == DeskEvent.conversation_id)
            .where(
                self._in(ConversationState.QUEUED),
                DeskEvent.operator_id.is_not(None),
                or_(
                    DeskEvent.act.in_(_GAVE_AWAY),
                    and_(DeskEvent.act == DeskAct.EXPIRED, DeskEvent.at > db_now(-recent)),
                ),
            )
        )
        return {(talk, who) for talk, who in self.session.execute(statement) if talk and who}

    def offer(self, offers: Collection[tuple[Conversation, int]], now: datetime, until: datetime) -> None:
        """Offer customers to operators and write that down, in a statement each."""
        table = Conversation.__table__
        assert isinstance(table, Table)  # noqa: S101 - tells mypy what a mapped class's table is
        statement = update(table).where(table.c.id == bindparam("of")).values(offered_to=bindparam("to"))
        rows = [{"of": conversation.id, "to": telegram_id} for conversation, telegram_id in offers]
        connection = self.session.connection()
        connection.execute(statement.values(offered_until=until), rows)
        events = [
            {"conversation_id": talk.id, "operator_id": telegram_id, "line": talk.line} for talk, telegram_id in offers
        ]
        same = {"bot_id": self.bot_id, "act": DeskAct.OFFERED, "at": now}
        connection.execute(insert(DeskEvent), [event | same for event in events])

    def withdraw(self, telegram_id: int) -> None:
        """Take back every offer to an operator."""
        mine = update(Conversation).where(self._in(ConversationState.QUEUED), Conversation.offered_to == telegram_id)
        self.execute(mine.values(offered_to=None, offered_until=None))

    def hold(self, conversation_id: UUID, *, wait: bool = True) -> Conversation | None:
        """Return a conversation as it is now, locked until the commit; without `wait` only if nobody else holds it."""
        statement = select(Conversation).where(Conversation.bot_id == self.bot_id, Conversation.id == conversation_id)
        locked = statement.with_for_update(key_share=True, skip_locked=not wait)
        return self.session.scalars(locked.execution_options(populate_existing=True)).one_or_none()

    def hold_if(
        self, conversation_id: UUID, suits: Callable[[Conversation], bool], *, wait: bool
    ) -> Conversation | None:
        """Return a conversation as `hold` does, if it suits.

        One that does not is let go at once: whoever goes on to another with it may be waited for by who has that.
        """
        attempt = self.session.begin_nested()
        held = self.hold(conversation_id, wait=wait)
        if held is not None and suits(held):
            attempt.commit()
            return held
        attempt.rollback()
        return None

    def seen(self, conversation_id: UUID) -> Conversation | None:
        """Return a conversation, to be looked at alone."""
        statement = select(Conversation).where(Conversation.bot_id == self.bot_id, Conversation.id == conversation_id)
        return self.session.scalars(statement).one_or_none()

    def expired(self) -> list[Conversation]:
        """Return customers whom the operator they were offered to did not take, locked."""
        statement = select(Conversation).where(
            self._in(ConversationState.QUEUED), Conversation.offered_until <= db_now()
        )
        return list(self.session.scalars(statement.with_for_update(key_share=True, skip_locked=True)))

    def chats(self, staff_id: int) -> list[Conversation]:
        """Return whom an operator serves, the longest first."""
        if staff_id in self.idle:
            return []
        statement = select(Conversation).where(
            self._in(ConversationState.WITH_OPERATOR), Conversation.staff_id == staff_id
        )
        return list(self.session.scalars(statement.order_by(Conversation.taken_at, Conversation.id)))

    def see(self, accounts: Collection[int]) -> None:
        """Look up which of these accounts serve anybody, so that `chats` need not ask for each of the others."""
        serving = self.run(_SERVE, {"bot": self.bot_id, "accounts": list(accounts)}).scalars()
        self.idle.update(set(accounts).difference(serving))

    def served(self) -> list[Conversation]:
        """Return every chat with an operator, the longest first."""
        statement = select(Conversation).where(self._in(ConversationState.WITH_OPERATOR))
        return list(self.session.scalars(statement.order_by(Conversation.taken_at, Conversation.id)))

    def serving(self) -> set[int]:
        """Return the accounts that serve anybody."""
        statement = select(Conversation.staff_id).where(self._in(ConversationState.WITH_OPERATOR)).distinct()
        return {staff_id for staff_id in self.session.scalars(statement) if staff_id is not None}

    def to_suggest(self) -> Conversation | None:
        """Return a chat whose operator may be suggested what to say, locked until the commit."""
        statement = select(Conversation).where(self._in(ConversationState.WITH_OPERATOR), Conversation.suggest_due)
        return self.session.scalars(statement.limit(1).with_for_update(key_share=True, skip_locked=True)).first()

    def find(self, short: str) -> list[Conversation]:
        """Return conversations (two at most) whose key begins with these hexadecimal digits; raises ValueError."""
        first, last = (UUID(short.ljust(32, filler)) for filler in "0f")
        statement = select(Conversation).where(Conversation.bot_id == self.bot_id, Conversation.id.between(first, last))
        return list(self.session.scalars(statement.limit(2)))

    def of_customer(self, user_id: UUID) -> list[UUID]:
        """Return the newest conversations of a customer."""
        statement = (
            select(Conversation.id)
            .where(Conversation.bot_id == self.bot_id, Conversation.user_id == user_id)
            .order_by(Conversation.created_at.desc())
        )
        return list(self.session.scalars(statement.limit(20)))

    def _in(self, state: ConversationState) -> ColumnElement[bool]:
        return and_(Conversation.bot_id == self.bot_id, Conversation.state == state)


def _unoffered() -> ColumnElement[bool]:
    return or_(Conversation.offered_until.is_(None), Conversation.offered_until <= db_now())
