"""What a person says in free words: it is a phone, words for the other side, or a question to answer."""

from database.models import Conversation, ConversationState
from services import alarm, asked, consent, rating, registration, relay, trial, triggers
from services.broadcast import dialogue
from services.desk import relaying, reopening
from services.jobs import LONGEST, NO_MESSAGES, Say, Unsupported
from services.jobs_spoken import Spoken
from services.privacy_rights import asking
from services.turn import Turn
from services.waiting import quick


def say(turn: Turn, job: Say) -> None:
    """Find out what the words are for, and do it."""
    if job.masked:
        take_away(turn, job)
    if dialogue.heard(turn, job) or relaying.speak_as_operator(turn, job) or asking.confirm(turn, job.text):
        return
    conversation = trial.goes_on(turn, turn.uow.conversations.open_for(turn.user.telegram_id)) or reopening.reopen(turn)
    if conversation and conversation.state == ConversationState.WITH_OPERATOR:
        relaying.speak_as_customer(turn, conversation, job)
    elif trigger := None if conversation and conversation.test else triggers.find(job.text):
        alarm.act(turn, conversation or turn.uow.conversations.start(turn.user), trigger, job.text)
    elif conversation and conversation.state == ConversationState.QUEUED:
        relay.keep(turn, conversation, job)
        turn.say("handover.noted")
        quick.ask(turn, conversation)
    elif turn.user.comments_on and rating.comment(turn, job.text):
        return
    elif registration.looks_like_phone(turn, job.text):
        registration.typed_phone(turn, job.text)
    elif len(job.text) > LONGEST:
        turn.say("unsupported.too_long")
    elif not (turn.user.registered or turn.tools.policy.answer_unregistered):
        turn.say("question.register_first")
        registration.prompt(turn)
    else:
        _ask(turn, conversation or turn.uow.conversations.start(turn.user), job.text)


def unsupported(turn: Turn, job: Unsupported) -> None:
    """Say politely what nobody can do with this kind of message: the bot, or a person on the other side."""
    crosses = job.what not in NO_MESSAGES and relaying.with_person(turn)
    turn.say("media.cannot_cross" if crosses else f"unsupported.{job.what}")


def take_away(turn: Turn, job: Spoken) -> None:
    """Warn of secrets in a message, and delete it in the messenger once what is left of it is kept."""
    turn.say("masked.warning")
    if (message_id := job.message_id) is not None:
        chat_id, signals = turn.user.telegram_id, turn.tools.signals
        turn.uow.after_commit(lambda: signals.delete(chat_id, message_id))


def _ask(turn: Turn, conversation: Conversation, text: str) -> None:
    """Have a question answered; where the text of the consent has changed, once its sender agreed to that one."""
    if consent.outdated(turn.user, turn.tools.policy):
        asked.keep(turn, conversation, text)
        consent.ask_again(turn)
        return
    asked.ask(turn, conversation, text)
