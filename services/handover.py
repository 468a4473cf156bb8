"""Handover: a customer asks for a person, a moderator takes the chat, both speak, either side ends it."""

from collections.abc import Sequence

from database.models import Author, Conversation, ConversationState, Priority, User
from services.access import Permission, allowed
from services.conversation import Act, forget_question, move
from services.dialog import spoken
from services.jobs import AskForPerson, End, TakeChat
from services.ports import Button, Outbound
from services.turn import Turn
from utils import phones

_SHOWN_TURNS, _SHOWN_CHARACTERS = 6, 300


def ask_for_person(turn: Turn, job: AskForPerson) -> None:
    """Put the customer into the queue, or say where they are already."""
    del job
    conversation = turn.conversation()
    match conversation.state:
        case ConversationState.AI:
            queue(turn, conversation, "handover.queued")
        case ConversationState.QUEUED:
            turn.say("handover.already_queued")
        case _:
            turn.say("handover.already_with_person")


def queue(turn: Turn, conversation: Conversation, told: str, *, urgent: bool = False) -> None:
    """Stop the AI, tell the customer, and call the moderators; the urgent go before everybody else."""
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
    _call_moderators(turn, conversation, _moderators(turn))


def silence_ai(turn: Turn, conversation: Conversation) -> None:
    """Humans win: forget the question under way and take back AI messages that have not left yet."""
    forget_question(conversation)
    turn.uow.messages.answered(conversation.id)
    turn.uow.dead_letters.let_go(conversation.id)
    turn.uow.delivery.drop(conversation.id, Author.AI)


def take_chat(turn: Turn, job: TakeChat) -> None:
    """Give a waiting customer to the first moderator who takes the chat."""
    if not _may_serve(turn, turn.sender.telegram_id):
        turn.say("refused.not_allowed")
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


def speak_as_operator(turn: Turn, text: str) -> bool:
    """Pass a moderator's words to the customer being served; False when the sender serves nobody."""
    conversation = turn.uow.conversations.served_by(turn.sender.telegram_id)
    if conversation is None:
        return False
    if not _may_serve(turn, turn.sender.telegram_id):
        _give_back(turn, conversation)
        turn.say("refused.not_allowed")
        return True
    name = turn.sender.name or turn.text("handover.operator")
    turn.relay(conversation.chat_id, f"👩‍💼 {name}", text, Author.OPERATOR, conversation)
    return True


def speak_as_customer(turn: Turn, conversation: Conversation, text: str) -> None:
    """Pass a customer's words to the moderator who serves them, if that is what they still are."""
    assert conversation.staff_id is not None  # noqa: S101 - the table of states guarantees it
    turn.uow.messages.received(conversation, text, turn.traceparent, answered=True)
    if not _may_serve(turn, conversation.staff_id):
        _give_back(turn, conversation)
        return
    name = turn.uow.users.profile(turn.user) or turn.text("handover.customer")
    turn.relay(conversation.staff_id, f"👤 {name}", text, Author.SYSTEM, conversation)


def end(turn: Turn, job: End) -> None:
    """End the chat that the sender serves, else the sender's own; both sides are told."""
    del job
    served = turn.uow.conversations.served_by(turn.sender.telegram_id)
    conversation = served or turn.uow.conversations.open_for(turn.user.telegram_id)
    if conversation is None:
        turn.say("end.nothing")
        return
    if served and not _may_serve(turn, turn.sender.telegram_id):
        _give_back(turn, served)
        turn.say("refused.not_allowed")
        return
    staff_id = conversation.staff_id
    silence_ai(turn, conversation)
    move(conversation, Act.END)
    conversation.closed_at = turn.uow.now()
    _tell_end(turn, conversation.chat_id, "end.done", conversation)
    if staff_id is not None:
        _tell_end(turn, staff_id, "end.done_staff", conversation)
        _offer_next(turn, staff_id)


def _join(turn: Turn, conversation: Conversation) -> None:
    move(conversation, Act.TAKE)
    conversation.staff_id = turn.sender.telegram_id
    customer = turn.uow.users.by_id(conversation.user_id)
    name = turn.sender.name or turn.text("handover.operator")
    language = customer.language or turn.tools.policy.language
    joined = turn.tools.words.text(language, "handover.joined", name=name)
    turn.send(conversation.chat_id, Outbound(html=joined), Author.SYSTEM, conversation)
    turn.say("handover.yours", who=_who(turn, customer, turn.language), dialog=_dialog(turn, conversation))


def _give_back(turn: Turn, conversation: Conversation) -> None:
    """Put a customer back into the queue when the one who served them may not any more."""
    move(conversation, Act.GIVE_BACK)
    conversation.staff_id = None
    _call(turn, conversation, "handover.queued")


def _call(turn: Turn, conversation: Conversation, told: str) -> None:
    """Call the moderators, and tell the customer so, or that there are none."""
    moderators = _moderators(turn)
    html = turn.tools.words.text(turn.language_of(conversation.chat_id), told if moderators else "handover.nobody")
    turn.send(conversation.chat_id, Outbound(html=html), Author.SYSTEM, conversation)
    _call_moderators(turn, conversation, moderators)


def _offer_next(turn: Turn, staff_id: int) -> None:
    """Call a moderator who is free again for whose turn it is in the queue."""
    waiting = turn.uow.conversations.first_waiting()
    if waiting and waiting.chat_id != staff_id and _may_serve(turn, staff_id):
        _call_moderators(turn, waiting, [staff_id])


def _call_moderators(turn: Turn, conversation: Conversation, moderators: Sequence[int]) -> None:
    words, customer = turn.tools.words, turn.uow.users.by_id(conversation.user_id)
    for telegram_id in moderators:
        language = turn.language_of(telegram_id)
        take = Button(label=words.text(language, "handover.take"), data=f"take:{conversation.id}")
        who = _who(turn, customer, language)
        html = words.text(language, "handover.call_urgent" if conversation.urgent else "handover.call", who=who)
        turn.send(telegram_id, Outbound(html=html, buttons=((take,),)), Author.SYSTEM, priority=Priority.NOTICE)


def _may_serve(turn: Turn, telegram_id: int) -> bool:
    return allowed(turn.uow.roles.of(telegram_id), Permission.TAKE_CHATS)


def _moderators(turn: Turn) -> list[int]:
    roles = turn.uow.roles.all()
    return sorted(
        telegram_id
        for telegram_id, held in roles.items()
        if allowed(held, Permission.TAKE_CHATS) and telegram_id != turn.sender.telegram_id
    )


def _who(turn: Turn, customer: User, language: str) -> str:
    words = turn.tools.words
    phone = turn.uow.users.phone(customer)
    shown = phones.masked(phone) if phone else "—"
    name = turn.uow.users.profile(customer) or words.text(language, "handover.customer")
    flag = " ⚠️" if customer.phone_shared else ""
    return f"{name}, {shown} ({words.text(language, f'tier.{customer.tier}')}){flag}"


def _dialog(turn: Turn, conversation: Conversation) -> str:
    """Return the last turns as text, for the moderator who takes over; all but the customer's say whose they are."""
    said = turn.uow.messages.history(conversation.id, limit=_SHOWN_TURNS)
    turns = [("👤 " if item.author == Author.CUSTOMER else "") + spoken(item)[:_SHOWN_CHARACTERS] for item in said]
    return "\n".join(turns) or "—"


def _tell_end(turn: Turn, chat_id: int, key: str, conversation: Conversation) -> None:
    html = turn.tools.words.text(turn.language_of(chat_id), key)
    turn.send(chat_id, Outbound(html=html, clear_keyboard=True), Author.SYSTEM, conversation)
