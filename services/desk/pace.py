"""Pace: when each side of a chat last spoke, and what follows from the silence of one of them."""

from database.models import Conversation, DeskAct
from services.desk.desk import Desk
from services.desk.ending import close
from services.desk.jobs import StillHere
from services.desk.keys import short
from services.desk.queueing import give_back
from services.metrics import DESK_FIRST_REPLY
from services.ports import Button
from services.turn import Turn


def heard(desk: Desk, conversation: Conversation) -> None:
    """Remember that the customer spoke: their operator's answer is awaited from now on, unless it was before.

    What they said is looked up in the knowledge within a second, to suggest an answer.
    """
    heard, spoke = conversation.heard_at, conversation.spoke_at
    if heard is None or (spoke is not None and spoke >= heard):
        conversation.heard_at = desk.uow.now()
    conversation.nudged_at, conversation.suggest_due = None, True


def spoke(desk: Desk, conversation: Conversation) -> None:
    """Remember that the operator spoke; the first time in a chat is measured."""
    now = desk.uow.now()
    conversation.spoke_at, conversation.nudged_at = now, None
    if conversation.replied_at is None and conversation.taken_at is not None:
        conversation.replied_at = now
        seconds = (now - conversation.taken_at).total_seconds()
        desk.happened(DeskAct.FIRST_REPLY, conversation, conversation.staff_id, seconds=seconds)
        DESK_FIRST_REPLY.labels(str(conversation.line)).observe(seconds)


def still_here(turn: Turn, job: StillHere) -> None:
    """Go on with a chat whose customer was asked whether they are still there."""
    del job
    conversation = turn.uow.conversations.open_for(turn.user.telegram_id)
    if conversation is None or conversation.nudged_at is None:
        turn.say("button.stale")
        return
    desk = Desk.of(turn)
    conversation.nudged_at, conversation.spoke_at = None, desk.uow.now()
    turn.say("desk.stays")


def mind_silence(desk: Desk) -> None:
    """Ask customers who fell silent, close the chats of those who stay so, take chats from operators who did."""
    for conversation in desk.uow.desk.nudged_for(desk.rules.customer_close):
        close(desk, conversation, told="desk.closed_silent", told_staff="desk.closed_silent_staff", reopen=True)
    for conversation in desk.uow.desk.silent_for(desk.rules.customer_silent):
        conversation.nudged_at = desk.uow.now()
        chat_id = conversation.chat_id
        here = Button(label=desk.text(chat_id, "desk.button.here"), data="here")
        desk.tell(chat_id, "desk.are_you_here", conversation=conversation, buttons=((here,),))
    for conversation in desk.uow.desk.unanswered_for(desk.rules.operator_silent):
        staff_id = conversation.staff_id
        give_back(desk, conversation, "desk.operator_lost")
        if staff_id is not None:
            desk.tell(staff_id, "desk.taken_away", id=short(conversation))
