"""The way back: the link by which a customer returns to a conversation that has ended."""

from datetime import timedelta

from database.models import Conversation, LinkPurpose
from services.deep_link import Ticket, address, payload
from services.turn import Speaker


def way_back(speaker: Speaker, conversation: Conversation) -> str | None:
    """Return the link to a conversation; None while nobody knows the bot's name."""
    uow = speaker.uow
    if not (username := uow.links.username()):
        return None
    until = uow.now() + timedelta(days=speaker.tools.policy.waiting.link_days)
    ticket = Ticket(LinkPurpose.CONVERSATION, conversation.id)
    return address(username, payload(uow.scope.vault.keyring, uow.scope.bot_id, ticket, until))
