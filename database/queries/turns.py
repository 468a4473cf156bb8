"""Whose turn it is among those who wait for a person: the order of the queue, and who comes before whom."""

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, or_

from database.models import Conversation


def queue_order() -> tuple[SQLColumnExpression[Any], ...]:
    """Return the order of the queue: the urgent, those whose operator was lost, then who has waited longest."""
    return (
        Conversation.urgent.desc(),
        Conversation.returned.desc(),
        Conversation.queued_at,
        Conversation.created_at,
        Conversation.id,
    )


def is_before(conversation: Conversation) -> ColumnElement[bool]:
    """Return the condition that it is somebody's turn before a customer who waits, in the order of the queue."""
    earlier = Conversation.queued_at < conversation.queued_at
    turn = and_(Conversation.returned, earlier) if conversation.returned else or_(Conversation.returned, earlier)
    return and_(Conversation.urgent, turn) if conversation.urgent else or_(Conversation.urgent, turn)
