"""The queue: a customer asks for a person, the AI falls silent, and operators are offered or called."""

from collections.abc import Sequence
from enum import StrEnum, auto

from database.models import Author, Conversation, ConversationState, DeskAct, Priority
from services import trial
from services.conversation import Act, move
from services.desk.desk import Desk
from services.desk.people import who
from services.desk.seats import on_call, seats
from services.jobs import AskForPerson
from services.ports import Button, Outbound
from services.silence import silence_ai
from services.turn import Turn
from services.waiting import closed, place

_SKILL_OF_URGENT = "fraud"  # what operators know who are asked first where money is at risk


class Reason(StrEnum):
    """Why a person is wanted, as operators are told."""

    ASKED = auto()
    BY_MODE = auto()
    AI_OFF = auto()
    DISTRESS = auto()
    UNSURE = auto()
    UNABLE = auto()
    URGENT = auto()
    RETURNED = auto()
    ESCALATED = auto()


def ask_for_person(turn: Turn, job: AskForPerson) -> None:
    """Put the customer into the queue, or say where they are already."""
    del job
    own = turn.uow.conversations.open_for(turn.user.telegram_id)
    conversation = trial.goes_on(turn, own) or turn.conversation()
    match conversation.state:
        case ConversationState.AI:
            queue(turn, conversation, "handover.queued")
        case ConversationState.QUEUED:
            place.repeat(turn, conversation)
        case _:
            turn.say("handover.already_with_person")


def queue(turn: Turn, conversation: Conversation, told: str, *, urgent: bool = False) -> None:
    """Stop the AI, tell the customer, and find an operator; the urgent go before everybody else.

    While the desk is closed the others are told so instead, and choose what to do. For a test nobody is called.
    """
    if conversation.test:
        conversation.low_confidence = 0
        turn.say("test.no_person")
        return
    if not urgent and closed.offer(turn, conversation):
        conversation.low_confidence, conversation.open_question = 0, None
        silence_ai(turn, conversation)
        return
    desk, reason = Desk.of(turn), told.rpartition(".")[2]
    enter(desk, conversation, Reason.URGENT if urgent else Reason(reason) if reason in set(Reason) else Reason.ASKED)
    call(desk, conversation, told)


def enter(desk: Desk, conversation: Conversation, reason: Reason) -> None:
    """Stop the AI and give the customer a place in the queue; nobody is told."""
    move(conversation, Act.ASK_FOR_PERSON)
    conversation.urgent, conversation.reason = reason is Reason.URGENT, reason
    conversation.skill = _SKILL_OF_URGENT if conversation.urgent else None
    conversation.returned, conversation.low_confidence, conversation.open_question = False, 0, None
    silence_ai(desk, conversation)
    _wait(desk, conversation)
    desk.happened(DeskAct.QUEUED, conversation)


def hasten(turn: Turn, conversation: Conversation) -> None:
    """Move a waiting customer before those who are not urgent, and call the moderators again."""
    desk = Desk.of(turn)
    conversation.urgent, conversation.reason = True, Reason.URGENT
    summon(desk, conversation)


def give_back(desk: Desk, conversation: Conversation, told: str = "handover.queued") -> None:
    """Put a customer to the front of the queue when the one who served them does so no more."""
    desk.happened(DeskAct.RETURNED, conversation, conversation.staff_id)
    return_to_queue(desk, conversation, Reason.RETURNED)
    call(desk, conversation, told)


def return_to_queue(desk: Desk, conversation: Conversation, reason: Reason) -> None:
    """Move a chat from its operator to the front of the queue; nobody is told."""
    move(conversation, Act.GIVE_BACK)
    conversation.staff_id = None
    conversation.returned, conversation.reason = True, reason
    _wait(desk, conversation)


def give_back_all(desk: Desk, staff_id: int) -> int:
    """Give back every chat of an operator, each with its history; returns how many there were."""
    chats = [desk.locked(chat.id) for chat in desk.uow.floor.chats(staff_id)]
    own = [c for c in chats if c.state == ConversationState.WITH_OPERATOR and c.staff_id == staff_id]
    for conversation in own:
        give_back(desk, conversation)
    return len(own)


def call(desk: Desk, conversation: Conversation, told: str) -> None:
    """Tell the customer how it stands, and call those who are on call if nobody is online."""
    taken = seats(desk)
    online = [seat for seat in taken if seat.online]
    called = [] if online else on_call(taken, desk.actor)
    if not online and not called:
        told = "handover.nobody"
    elif {seat.line for seat in online} >= {1, 2} and not any(seat.room for seat in online):
        told = "desk.both_busy"
    html = desk.text(conversation.chat_id, told)
    where = place.paragraph(desk, conversation)
    html += where if online or called else ""
    desk.send(conversation.chat_id, Outbound(html=html), Author.SYSTEM, conversation)
    call_moderators(desk, conversation, called)


def summon(desk: Desk, conversation: Conversation) -> None:
    """Call those who are on call for somebody who waits, if nobody is online; else an offer follows."""
    taken = seats(desk)
    if not any(seat.online for seat in taken):
        call_moderators(desk, conversation, on_call(taken, desk.actor))
    desk.wake()


def call_moderators(desk: Desk, conversation: Conversation, telegram_ids: Sequence[int]) -> None:
    """Tell some moderators who waits, with a button to take the chat."""
    words, customer = desk.tools.words, desk.customer(conversation)
    for telegram_id in telegram_ids:
        language = desk.language_of(telegram_id)
        take = Button(label=words.text(language, "handover.take"), data=f"take:{conversation.id}")
        shown = who(desk, customer, language)
        html = words.text(language, "handover.call_urgent" if conversation.urgent else "handover.call", who=shown)
        desk.send(telegram_id, Outbound(html=html, buttons=((take,),)), Author.SYSTEM, priority=Priority.NOTICE)


def _wait(desk: Desk, conversation: Conversation) -> None:
    conversation.queued_at = desk.uow.now()
    conversation.offered_to = conversation.offered_until = conversation.nudged_at = None
    desk.wake()
