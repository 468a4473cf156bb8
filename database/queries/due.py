"""Statements of conversations that are due for their answer; built once, for each of them costs."""

from sqlalchemy import BigInteger, BindParameter, ColumnElement, and_, bindparam, literal_column, or_, select, update

from database.models import Answer, Bot, Conversation, ConversationState, User
from database.queries.scope import table
from database.types import db_now, seconds


def is_due(bot_id: int | BindParameter[int]) -> ColumnElement[bool]:
    """Return the condition that a conversation waits for an answer and that nobody works on it."""
    return and_(
        _CONVERSATIONS.c.bot_id == bot_id,
        _CONVERSATIONS.c.answer_due_at <= db_now(),
        or_(_CONVERSATIONS.c.lease_until.is_(None), _CONVERSATIONS.c.lease_until <= db_now()),
    )


_CONVERSATIONS, _USERS, _BOTS, _ANSWERS = table(Conversation), table(User), table(Bot), table(Answer)
_BOT = bindparam("bot", type_=BigInteger)
_LONGEST_DUE = (
    select(_CONVERSATIONS.c.id)
    .where(is_due(_BOT))
    .order_by(_CONVERSATIONS.c.answer_due_at)
    .limit(1)
    .with_for_update(key_share=True, skip_locked=True)
)
_ITS_USER = _USERS.c.id == _CONVERSATIONS.c.user_id
_LAST_OUTCOME = (
    select(_ANSWERS.c.outcome)
    # Named in full: behind RETURNING SQLAlchemy leaves tables out for SQLite, where the inner table's names come first.
    .where(
        _ANSWERS.c.bot_id == literal_column("conversations.bot_id"),
        _ANSWERS.c.conversation_id == literal_column("conversations.id"),
    )
    .order_by(_ANSWERS.c.id.desc())
    .limit(1)
)
CLAIM = (
    update(_CONVERSATIONS)
    .where(_CONVERSATIONS.c.id == _LONGEST_DUE.scalar_subquery())
    .values(
        lease_until=db_now(seconds("lease")),
        attempt=_CONVERSATIONS.c.attempt + 1,
        failures=_CONVERSATIONS.c.failures + 1,
    )
    .returning(
        _CONVERSATIONS.c.id,
        _CONVERSATIONS.c.attempt,
        _CONVERSATIONS.c.chat_id,
        _CONVERSATIONS.c.failures,
        _CONVERSATIONS.c.user_id,
        select(_USERS.c.language).where(_ITS_USER).scalar_subquery().label("language"),
        select(_USERS.c.profile).where(_ITS_USER).scalar_subquery().label("profile"),
        _CONVERSATIONS.c.context_from,
        _CONVERSATIONS.c.summary,
        _CONVERSATIONS.c.summary_up_to,
        _CONVERSATIONS.c.open_question,
        _LAST_OUTCOME.scalar_subquery().label("last_outcome"),
        _CONVERSATIONS.c.test,
    )
)
"""The conversation that is longest due is leased: `bot`, `lease` in seconds."""

WANTED = (
    select(_BOTS.c.ai_enabled)
    .join(_CONVERSATIONS, _CONVERSATIONS.c.bot_id == _BOTS.c.id)
    .where(
        _BOTS.c.id == _BOT,
        _CONVERSATIONS.c.id == bindparam("conversation"),
        _CONVERSATIONS.c.attempt == bindparam("attempt"),
        _CONVERSATIONS.c.state == ConversationState.AI,
    )
)
"""Whether an answer may still be said: `bot`, `conversation`, `attempt`."""
