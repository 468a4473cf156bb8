"""What people share beside words: files, places and cards go to the person on the other side, or wait for one."""

from database.models import Conversation, ConversationState, Step
from services import question, registration, relay
from services.attachment_rules import crosses, refused
from services.broadcast import dialogue
from services.desk import relaying, reopening
from services.jobs import Say, ShareContact
from services.jobs_spoken import Share
from services.outbound import FileKind
from services.turn import Turn


def share(turn: Turn, job: Share) -> None:
    """Pass something on where there is a person; elsewhere keep files for one, and take a caption for a question."""
    if job.masked:
        question.take_away(turn, job)
    if dialogue.heard(turn, job) or relaying.speak_as_operator(turn, job):
        return
    conversation = turn.uow.conversations.open_for(turn.user.telegram_id) or reopening.reopen(turn)
    if conversation and conversation.state == ConversationState.WITH_OPERATOR:
        relaying.speak_as_customer(turn, conversation, job)
        return
    waits = conversation is not None and conversation.state == ConversationState.QUEUED
    if waits and refused(turn, job.file):
        return
    silent = bool(conversation and job.album and turn.uow.attachments.knows_album(conversation, job.album))
    if job.file is None or crosses(job.file, turn.tools.policy):
        _keep(turn, conversation, job)
    if job.text and not job.text.startswith("/"):  # a command in a caption is none
        question.say(turn, Say(text=job.text, message_id=job.message_id, reply_to=job.reply_to, quoted=job.quoted))
    elif not silent:
        turn.say("handover.noted" if waits else f"unsupported.{job.file.kind if job.file else 'location'}")


def share_contact(turn: Turn, job: ShareContact) -> None:
    """Take a card as the sender's phone where that is awaited; between two people pass it on."""
    awaited = turn.user.step in {Step.PHONE, Step.CONFIRM_PHONE} and job.owner_id == turn.sender.telegram_id
    crosses = job.shared is not None and relaying.with_person(turn)
    if awaited or not crosses:
        registration.share_contact(turn, job)
    if crosses and job.shared:
        share(turn, job.shared)


def _keep(turn: Turn, conversation: Conversation | None, job: Share) -> None:
    """Keep what nobody sees now for the person who may take the chat: files always, the rest of who waits for one."""
    wordless = job.model_copy(update={"text": "", "html": ""})
    if conversation and conversation.state == ConversationState.QUEUED:
        relay.keep(turn, conversation, wordless)
    elif job.file and job.file.kind is not FileKind.STICKER and _is_known(turn):
        relay.keep(turn, conversation or turn.uow.conversations.start(turn.user), wordless)


def _is_known(turn: Turn) -> bool:
    return turn.user.registered or turn.tools.policy.answer_unregistered
