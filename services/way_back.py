"""The way back: the link by which a customer returns to a conversation that has ended."""

from datetime import timedelta

from database.models import Conversation, LinkPurpose
from services.deep_link import Ticket, address, payload
from services.turn import Turn


def way_back(turn: Turn, conversation: Conversation) -> str | None:
    """Return the link to a conversation; None while nobody knows the bot's name."""
    uow = turn.uow
    if not (username := uow.links.username()):
        return None
    until = uow.now() + timedelta(days=turn.tools.policy.waiting.link_days)
    ticket = Ticket(LinkPurpose.CONVERSATION, conversation.id)
    return address(username, payload(uow.scope.vault.keyring, uow.scope.bot_id, ticket, until))
