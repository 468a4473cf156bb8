"""Ending a chat: both sides are told, and the moderator who is free again hears whose turn it is."""

from database.models import Author, Conversation
from services import rating
from services.conversation import Act, move
from services.desk.people import may_serve
from services.desk.queueing import call_moderators, give_back, silence_ai
from services.jobs import End
from services.ports import Outbound
from services.turn import Turn


def end(turn: Turn, job: End) -> None:
    """End the chat that the sender serves, else the sender's own; both sides are told."""
    del job
    served = turn.uow.conversations.served_by(turn.sender.telegram_id)
    conversation = served or turn.uow.conversations.open_for(turn.user.telegram_id)
    if conversation is None:
        turn.say("end.nothing")
        return
    if served and not may_serve(turn, turn.sender.telegram_id):
        give_back(turn, served)
        turn.say("refused.not_allowed")
        return
    staff_id = conversation.staff_id
    silence_ai(turn, conversation)
    move(conversation, Act.END)
    conversation.closed_at = turn.uow.now()
    rating.ask(turn, conversation)  # first: after the end is confirmed nothing may come
    _tell_end(turn, conversation.chat_id, "end.done", conversation)
    if staff_id is not None:
        _tell_end(turn, staff_id, "end.done_staff", conversation)
        _offer_next(turn, staff_id)


def _offer_next(turn: Turn, staff_id: int) -> None:
    """Call a moderator who is free again for whose turn it is in the queue."""
    waiting = turn.uow.conversations.first_waiting()
    if waiting and waiting.chat_id != staff_id and may_serve(turn, staff_id):
        call_moderators(turn, waiting, [staff_id])


def _tell_end(turn: Turn, chat_id: int, key: str, conversation: Conversation) -> None:
    html = turn.tools.words.text(turn.language_of(chat_id), key)
    turn.send(chat_id, Outbound(html=html, clear_keyboard=True), Author.SYSTEM, conversation)
