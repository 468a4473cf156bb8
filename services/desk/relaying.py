"""Relaying: each side's words reach the other one, as long as both still belong together."""

from database.models import Author, Conversation, ConversationState
from services import relay
from services.attachment_rules import refused
from services.desk.people import may_serve
from services.desk.queueing import give_back
from services.jobs_spoken import Share, Spoken
from services.turn import Turn
from services.wording import Line


def speak_as_operator(turn: Turn, job: Spoken) -> bool:
    """Pass what a moderator says to the customer being served; False when the sender serves nobody."""
    conversation = turn.uow.conversations.served_by(turn.sender.telegram_id)
    if conversation is None:
        return False
    if not may_serve(turn, turn.sender.telegram_id):
        give_back(turn, conversation)
        turn.say("refused.not_allowed")
    elif not _refused(turn, job):
        relay.pass_on(turn, to_customer(turn, conversation), job)
    return True


def speak_as_customer(turn: Turn, conversation: Conversation, job: Spoken) -> None:
    """Pass what a customer says to the moderator who serves them, if that is what they still are."""
    assert conversation.staff_id is not None  # noqa: S101 - the table of states guarantees it
    if _refused(turn, job):
        return
    attachment = relay.keep(turn, conversation, job)
    if may_serve(turn, conversation.staff_id):
        relay.pass_on(turn, to_operator(turn, conversation, conversation.staff_id), job, attachment)
    else:
        give_back(turn, conversation)


def with_person(turn: Turn) -> bool:
    """Return whether the sender and somebody else speak with each other now."""
    if turn.uow.conversations.served_by(turn.sender.telegram_id):
        return True
    conversation = turn.uow.conversations.open_for(turn.user.telegram_id)
    return conversation is not None and conversation.state == ConversationState.WITH_OPERATOR


def to_customer(turn: Turn, conversation: Conversation) -> Line:
    """Return the way from a moderator to the customer."""
    name = f"👩‍💼 {turn.sender.name or turn.text('handover.operator')}"
    source, protected = turn.sender.telegram_id, turn.tools.policy.protect
    return Line(source, conversation.chat_id, name, Author.OPERATOR, conversation, protected=protected)


def to_operator(turn: Turn, conversation: Conversation, staff_id: int) -> Line:
    """Return the way from a customer, whoever's turn it is, to a moderator."""
    own = conversation.chat_id == turn.user.telegram_id
    customer = turn.user if own else turn.uow.users.by_id(conversation.user_id)
    name = f"👤 {turn.uow.users.profile(customer) or turn.text('handover.customer')}"
    return Line(conversation.chat_id, staff_id, name, Author.SYSTEM, conversation, named=True)


def _refused(turn: Turn, job: Spoken) -> bool:
    return isinstance(job, Share) and refused(turn, job.file)
