"""The queue: a customer asks for a person, the AI falls silent, and the moderators are called."""

from collections.abc import Sequence

from database.models import Author, Conversation, ConversationState, Priority
from services.conversation import Act, forget_question, move
from services.desk.people import moderators, who
from services.jobs import AskForPerson
from services.ports import Button, Outbound
from services.turn import Turn
from services.waiting import closed, place


def ask_for_person(turn: Turn, job: AskForPerson) -> None:
    """Put the customer into the queue, or say where they are already."""
    del job
    conversation = turn.conversation()
    match conversation.state:
        case ConversationState.AI:
            queue(turn, conversation, "handover.queued")
        case ConversationState.QUEUED:
            place.repeat(turn, conversation)
        case _:
            turn.say("handover.already_with_person")


def queue(turn: Turn, conversation: Conversation, told: str, *, urgent: bool = False) -> None:
    """Stop the AI, tell the customer, and call the moderators; the urgent go before everybody else.

    While the desk is closed the others are told so instead, and choose what to do.
    """
    if not urgent and closed.offer(turn, conversation):
        conversation.low_confidence, conversation.open_question = 0, None
        silence_ai(turn, conversation)
        return
    move(conversation, Act.ASK_FOR_PERSON)
    conversation.queued_at = turn.uow.now()
    conversation.urgent = urgent
    conversation.low_confidence = 0
    conversation.open_question = None
    silence_ai(turn, conversation)
    _call(turn, conversation, told)


def hasten(turn: Turn, conversation: Conversation) -> None:
    """Move a waiting customer before those who are not urgent, and call the moderators again."""
    conversation.urgent = True
    call_moderators(turn, conversation, moderators(turn))


def silence_ai(turn: Turn, conversation: Conversation) -> None:
    """Humans win: forget the question under way and take back AI messages that have not left yet."""
    forget_question(conversation)
    turn.uow.messages.answered(conversation.id)
    turn.uow.dead_letters.let_go(conversation.id)
    turn.uow.delivery.drop(conversation.id, Author.AI)


def give_back(turn: Turn, conversation: Conversation) -> None:
    """Put a customer back into the queue when the one who served them may not any more."""
    move(conversation, Act.GIVE_BACK)
    conversation.staff_id = None
    _call(turn, conversation, "handover.queued")


def call_moderators(turn: Turn, conversation: Conversation, telegram_ids: Sequence[int]) -> None:
    """Tell some moderators who waits, with a button to take the chat."""
    words, customer = turn.tools.words, turn.uow.users.by_id(conversation.user_id)
    for telegram_id in telegram_ids:
        language = turn.language_of(telegram_id)
        take = Button(label=words.text(language, "handover.take"), data=f"take:{conversation.id}")
        shown = who(turn, customer, language)
        html = words.text(language, "handover.call_urgent" if conversation.urgent else "handover.call", who=shown)
        turn.send(telegram_id, Outbound(html=html, buttons=((take,),)), Author.SYSTEM, priority=Priority.NOTICE)


def _call(turn: Turn, conversation: Conversation, told: str) -> None:
    """Call the moderators, and tell the customer so, or that there are none."""
    called = moderators(turn)
    html = turn.tools.words.text(turn.language_of(conversation.chat_id), told if called else "handover.nobody")
    where = place.paragraph(turn, conversation)
    html += where if called else ""
    turn.send(conversation.chat_id, Outbound(html=html), Author.SYSTEM, conversation)
    call_moderators(turn, conversation, called)
