"""What a customer does until the desk opens: leaves a message for it, or goes on with the AI."""

from database.models import ConversationState
from services.desk import queueing
from services.desk.desk import Desk
from services.jobs import AskForPerson
from services.turn import Turn
from services.waiting import closed
from services.waiting.jobs import KeepAsking, LeaveMessage


def leave_message(turn: Turn, job: LeaveMessage) -> None:
    """Give the customer a place in the queue that counts from now; the moderators are called once the desk opens."""
    del job
    conversation, opens = turn.conversation(), closed.opening(turn, turn.language)
    if opens is None or conversation.test or conversation.state == ConversationState.WITH_OPERATOR:
        queueing.ask_for_person(turn, AskForPerson())
        return
    if conversation.state == ConversationState.AI:
        queueing.enter(Desk.of(turn), conversation, queueing.Reason.ASKED)
        conversation.told_place = conversation.told_at = conversation.told_until = None
    turn.say("waiting.left", opens=opens)


def keep_asking(turn: Turn, job: KeepAsking) -> None:
    """Let the customer go on with the AI."""
    del job
    turn.say("waiting.with_ai")
