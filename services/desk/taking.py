"""Taking a chat: a waiting customer goes to the first moderator who takes them, and both are told."""

from database.models import AuditAct, Author, Conversation, ConversationState
from services import media
from services.access import Permission
from services.conversation import Act, move
from services.desk.people import dialog, may_serve, who
from services.jobs import TakeChat
from services.ports import Outbound
from services.refusal import not_allowed
from services.turn import Turn
from services.waiting import place


def take_chat(turn: Turn, job: TakeChat) -> None:
    """Give a waiting customer to the first moderator who takes the chat."""
    if not may_serve(turn, turn.sender.telegram_id):
        not_allowed(turn, Permission.TAKE_CHATS)
        return
    if turn.uow.conversations.served_by(turn.sender.telegram_id):
        turn.say("handover.finish_first")
        return
    conversation = turn.uow.conversations.lock(job.conversation_id)
    if conversation is None or conversation.state == ConversationState.CLOSED:
        turn.say("handover.gone")
    elif conversation.state != ConversationState.QUEUED:
        turn.say("handover.taken")
    else:
        _join(turn, conversation)


def _join(turn: Turn, conversation: Conversation) -> None:
    move(conversation, Act.TAKE)
    conversation.staff_id = turn.sender.telegram_id
    place.leave_line(turn, conversation)
    for act in (AuditAct.CHAT_TAKEN, AuditAct.DIALOG_READ):
        turn.uow.audit.record(act, actor=turn.sender.telegram_id, subject=f"conversation:{conversation.id}")
    customer = turn.uow.users.by_id(conversation.user_id)
    name = turn.sender.name or turn.text("handover.operator")
    language = customer.language or turn.tools.policy.language
    joined = turn.tools.words.text(language, "handover.joined", name=name)
    turn.send(conversation.chat_id, Outbound(html=joined), Author.SYSTEM, conversation)
    turn.say("handover.yours", who=who(turn, customer, turn.language), dialog=dialog(turn, conversation))
    media.hand_over(turn, conversation, turn.sender.telegram_id)
