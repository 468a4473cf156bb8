"""Relaying: what each side says reaches the other one, as long as both still belong together."""

from dataclasses import replace

from database.models import Author, Conversation, ConversationState
from services import relay
from services.access import Permission
from services.attachment_rules import refused as refused_file
from services.desk.addressing import chat_for, may_speak
from services.desk.choosing import refused
from services.desk.desk import Desk
from services.desk.keys import short
from services.desk.pace import heard, spoke
from services.desk.people import name_of
from services.desk.queueing import give_back, give_back_all
from services.errors import DeskRefusal
from services.jobs import LONGEST, Say
from services.jobs_spoken import Share, Spoken
from services.turn import Turn
from services.wording import Line
from utils.masking import mask


def speak_as_operator(turn: Turn, job: Spoken) -> bool:
    """Pass what an operator says to the customer it is for; False when the sender serves nobody."""
    desk = Desk.of(turn)
    try:
        conversation = chat_for(desk, job.reply_to)
    except DeskRefusal as refusal:
        refused(turn, desk, refusal)
        return True
    if conversation is None:
        return False
    if not may_speak(desk):
        give_back_all(desk, desk.me)
        turn.say("refused.not_allowed")
    elif not _crosses_not(turn, job):
        say(desk, conversation, job)
    return True


def speak_as_customer(turn: Turn, conversation: Conversation, job: Spoken) -> None:
    """Pass what a customer says to the operator who serves them, if that is what they still are."""
    assert conversation.staff_id is not None  # noqa: S101 - the table of states guarantees it
    if _crosses_not(turn, job):
        return
    desk = Desk.of(turn)
    attachment = relay.keep(desk, conversation, job)
    if not desk.may(Permission.TAKE_CHATS, conversation.staff_id):
        give_back(desk, conversation)
        return
    heard(desk, conversation)
    relay.pass_on(desk, to_operator(desk, conversation, conversation.staff_id), job, attachment)
    _let_watch(desk, conversation, conversation.chat_id, _customer(desk, conversation), job)


def send_text(desk: Desk, conversation: Conversation, text: str) -> None:
    """Say something to a customer of one's own, typed in the console; raises DeskRefusal.

    Secrets are masked here, as the front does with what comes from the messenger.
    """
    desk.require(Permission.TAKE_CHATS)
    if conversation.staff_id != desk.me:
        raise DeskRefusal("desk.not_yours")
    if not text.strip() or len(text) > 2 * LONGEST:
        raise DeskRefusal("unsupported.too_long")
    say(desk, conversation, Say(text=mask(text.strip()).text))


def say(desk: Desk, conversation: Conversation, job: Spoken) -> None:
    """Pass what the one who acts says to their customer."""
    line = to_customer(desk, conversation)
    relay.pass_on(desk, line, job)
    spoke(desk, conversation)
    _let_watch(desk, conversation, line.source, line.name, job)


def with_person(turn: Turn) -> bool:
    """Return whether the sender and somebody else speak with each other now."""
    if turn.uow.floor.chats(turn.sender.telegram_id):
        return True
    conversation = turn.uow.conversations.open_for(turn.user.telegram_id)
    return conversation is not None and conversation.state == ConversationState.WITH_OPERATOR


def to_customer(desk: Desk, conversation: Conversation) -> Line:
    """Return the way from the one who acts to their customer."""
    name = f"👩‍💼 {name_of(desk, desk.me, desk.language_of(conversation.chat_id))}"
    protected = desk.tools.policy.protect
    return Line(desk.me, conversation.chat_id, name, Author.OPERATOR, conversation, protected=protected)


def to_operator(desk: Desk, conversation: Conversation, staff_id: int) -> Line:
    """Return the way from a customer to their operator, who gets a button to answer if another chat is current."""
    name, operator = _customer(desk, conversation), desk.uow.operators.of(staff_id)
    line = Line(conversation.chat_id, staff_id, name, Author.SYSTEM, conversation, named=True)
    if operator is None or operator.current_id in {None, conversation.id}:
        several = len(desk.uow.floor.chats(staff_id)) > 1
        return replace(line, name=f"{name} · #{short(conversation)}") if several else line
    switch = desk.button(staff_id, "desk.button.use", "use", conversation.id.hex)
    return replace(line, name=f"💤 {name} · #{short(conversation)}", buttons=((switch,),))


def _customer(desk: Desk, conversation: Conversation) -> str:
    name = desk.uow.users.profile(desk.customer(conversation))
    return f"👤 {name or desk.text(conversation.staff_id or 0, 'handover.customer')}"


def to_watcher(desk: Desk, conversation: Conversation, source: int, name: str) -> Line | None:
    """Return the way from either side to the supervisor who reads the chat along, if one does."""
    if conversation.watched_by is not None and not desk.may(Permission.SUPERVISE, conversation.watched_by):
        conversation.watched_by = None  # who may not any more stops reading at the next word
    if conversation.watched_by is None:
        return None
    shown = f"👁 {name} · #{short(conversation)}"
    return Line(source, conversation.watched_by, shown, Author.SYSTEM, conversation, named=True)


def _let_watch(desk: Desk, conversation: Conversation, source: int, name: str, job: Spoken) -> None:
    """Show what either side said to the supervisor who reads the chat along."""
    if line := to_watcher(desk, conversation, source, name):
        relay.pass_on(desk, line, job)


def _crosses_not(turn: Turn, job: Spoken) -> bool:
    """Return whether this is a file that does not cross; its sender is told."""
    return isinstance(job, Share) and refused_file(turn, job.file)
