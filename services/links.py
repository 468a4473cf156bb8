"""Coming by a deep link: back to a conversation, to a topic, or from a campaign; what is no link is refused."""

from datetime import timedelta
from uuid import UUID

from database.models import AuditAct, Conversation, ConversationState, Link, LinkPurpose
from services import question, registration
from services.conversation import Act, move
from services.deep_link import LinkError, LinkProblem, Ticket, read
from services.desk import queueing
from services.jobs import Say, Start
from services.metrics import LINKS
from services.silence import end_silently
from services.turn import Turn


def start(turn: Turn, job: Start) -> None:
    """Greet the person, and lead where the link leads that they came by."""
    if not job.payload:
        registration.start(turn, job)
        return
    uow = turn.uow
    try:
        ticket = read(uow.scope.vault.keyring, uow.scope.bot_id, job.payload, uow.now())
        if ticket.purpose is LinkPurpose.CONVERSATION:
            _come_back(turn, ticket.subject)
        else:
            _visit(turn, job, _link(turn, ticket))
    except LinkError as error:
        _refuse(turn, error.problem)
        if not turn.user.registered:
            registration.start(turn, job)
    else:
        LINKS.labels(ticket.purpose, "followed").inc()


def _link(turn: Turn, ticket: Ticket) -> Link:
    link = turn.uow.links.get(ticket.subject)
    if link is None or link.purpose != ticket.purpose:
        raise LinkError(LinkProblem.EXPIRED)
    return link


def _visit(turn: Turn, job: Start, link: Link) -> None:
    """Remember who came by a link; a topic is asked as if the customer had typed it."""
    turn.uow.links.opened(link, turn.user)
    if link.purpose == LinkPurpose.TOPIC:
        if not turn.user.registered:
            turn.say("start.hello")
        question.say(turn, Say(text=link.subject))
    else:
        registration.start(turn, job)


def _come_back(turn: Turn, conversation_id: UUID) -> None:
    conversation = turn.uow.conversations.lock(conversation_id)
    if conversation is None or conversation.chat_id != turn.user.telegram_id:
        raise LinkError(LinkProblem.FOREIGN)
    if conversation.state != ConversationState.CLOSED:
        turn.say("link.goes_on")
        return
    other = turn.uow.conversations.open_for(turn.user.telegram_id)
    if other and other.state != ConversationState.AI:
        turn.say("link.busy")
        return
    if other:
        end_silently(turn, other)
    _reopen(turn, conversation)


def _reopen(turn: Turn, conversation: Conversation) -> None:
    """Open a conversation again: with a person if one served it a while ago, else with the AI, which remembers it."""
    ended, rules = conversation.closed_at or turn.uow.now(), turn.tools.policy.waiting
    lately = turn.uow.now() - ended <= timedelta(hours=rules.reopen_hours)
    to_person = lately and conversation.taken_at is not None
    move(conversation, Act.COME_BACK)
    conversation.closed_at = conversation.reopen_until = conversation.disposition = None
    if to_person:
        queueing.queue(turn, conversation, "link.to_person")
    else:
        turn.say("link.back")


def _refuse(turn: Turn, problem: LinkProblem) -> None:
    turn.uow.audit.record(AuditAct.LINK_REFUSED, actor=turn.sender.telegram_id, reason=problem.value)
    LINKS.labels("unknown", problem).inc()
    turn.say(f"link.{problem}")
