"""What follows when a customer's words call for a person: the emergency steps, and a place in the queue."""

from database.models import Conversation, ConversationState
from services.desk import queueing
from services.metrics import TRIGGERS
from services.ports import Outbound
from services.triggers import Trigger
from services.turn import Turn


def act(turn: Turn, conversation: Conversation, trigger: Trigger, text: str) -> None:
    """Keep the words, tell what to do at once where money is at risk, and call a person; once, not again and again."""
    turn.uow.messages.received(conversation, text, turn.traceparent, answered=True)
    TRIGGERS.labels(trigger).inc()
    waits = conversation.state == ConversationState.QUEUED
    if trigger.urgent and not (waits and conversation.urgent):
        _tell_steps(turn, conversation, trigger)
    if not waits:
        told = "handover.distress" if trigger is Trigger.DISTRESS else "handover.queued"
        queueing.queue(turn, conversation, told, urgent=trigger.urgent)
    elif trigger.urgent and not conversation.urgent:
        queueing.hasten(turn, conversation)
        turn.say("handover.hastened")
    else:
        turn.say("handover.already_queued" if trigger is Trigger.PERSON else "handover.noted")


def _tell_steps(turn: Turn, conversation: Conversation, trigger: Trigger) -> None:
    parts = [turn.text("emergency.fraud" if trigger is Trigger.FRAUD else "emergency.lost_card")]
    if phone := turn.tools.policy.emergency_phone:
        parts.append(turn.text("emergency.phone", phone=phone))
    parts.append(turn.text("emergency.secrets"))
    turn.reply(Outbound(html="\n\n".join(parts)), conversation)
