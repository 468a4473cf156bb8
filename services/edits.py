"""What happens to a message after it was sent: its writer changes it, or a moderator takes it back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from database.models import AuditAct, Author, Conversation, ConversationState, Delivery, Message
from database.queries.relay import Copy
from services import relay
from services.access import Permission
from services.attachment_rules import refused
from services.desk import relaying
from services.desk.desk import Desk
from services.jobs_spoken import Edit, Share, TakeBack
from services.outbound import File, Outbound
from services.question import take_away
from services.turn import Turn
from services.wording import Line, escaped, messages_for, recorded

TAKEN_BACK = "taken_back"  # the reason of what was taken back before it left
_DELETABLE = timedelta(hours=47)  # after 48 the messenger does not delete any more (Bot API, deleteMessage)
_CHANGED = "✏️"  # over what could not be changed where it stands


@dataclass(frozen=True)
class _Between:
    """What stands for a message on the other side, and the way there."""

    copies: list[Copy]
    line: Line


def edit(turn: Turn, job: Edit) -> None:
    """Change what stands for a message; where nothing does, the other side gets the new words, marked."""
    if job.message_id is None or refused(turn, job.file):
        return
    if job.masked:
        take_away(turn, job)
    own = turn.uow.conversations.open_for(turn.user.telegram_id)
    if own and own.state != ConversationState.AI:
        _correct_record(turn, job)
    if between := _between(turn, job.message_id):
        _change(turn, between, job)
    elif own and own.state == ConversationState.WITH_OPERATOR and own.staff_id is not None:
        _tell_anew(turn, relaying.to_operator(Desk.of(turn), own, own.staff_id), job)
    elif own and own.state == ConversationState.QUEUED:
        turn.say("handover.noted")
    else:
        turn.say("media.not_changed" if relaying.with_person(turn) else "unsupported.edited")


def take_back(turn: Turn, job: TakeBack) -> None:
    """Delete what stands for a moderator's message in the customer's chat, and the message itself in the own chat."""
    if job.reply_to is None:
        turn.say("media.delete_how")
        return
    between = _between(turn, job.reply_to)
    if between is None or between.line.author != Author.OPERATOR or not _all_gone(turn, between):
        turn.say("media.not_deleted")
        return
    subject = f"conversation:{between.line.conversation.id}"
    turn.uow.audit.record(AuditAct.MESSAGE_TAKEN_BACK, actor=turn.user.telegram_id, subject=subject)
    own, number, signals = turn.user.telegram_id, job.reply_to, turn.tools.signals
    turn.uow.after_commit(lambda: signals.delete(own, number))
    turn.say("media.deleted")


def _between(turn: Turn, number: int) -> _Between | None:
    """Return what stands for the sender's message, if the two who speak with each other still are the same."""
    conversation = _where(turn, number)
    if conversation is None or conversation.state != ConversationState.WITH_OPERATOR or conversation.staff_id is None:
        return None
    desk = Desk.of(turn)
    if conversation.chat_id == desk.me:
        line = relaying.to_operator(desk, conversation, conversation.staff_id)
    elif conversation.staff_id == desk.me and desk.may(Permission.TAKE_CHATS):
        line = relaying.to_customer(desk, conversation)
    else:
        return None
    found = turn.uow.relays.copies(turn.user.telegram_id, number, conversation.id)
    copies = [copy for copy in found if copy.message.chat_id == line.chat_id and copy.message.deleted_at is None]
    return _Between(copies, line) if copies else None


def _where(turn: Turn, number: int) -> Conversation | None:
    """Return the conversation that a message belongs to; a file of an album may be known by its conversation only."""
    for copy in turn.uow.relays.copies(turn.user.telegram_id, number):
        if copy.message.conversation_id:
            return turn.uow.conversations.lock(copy.message.conversation_id)
    own = turn.user.telegram_id
    for chat in turn.uow.floor.chats(own):
        if turn.uow.relays.copies(own, number, chat.id):
            return turn.uow.conversations.lock(chat.id)
    return turn.uow.conversations.open_for(own)


def _change(turn: Turn, between: _Between, job: Edit) -> None:
    """Put new words, and perhaps another file, in the place of what was passed on."""
    line = between.line
    share = Share(**job.model_dump(exclude={"kind", "file"}), file=job.file)
    messages = messages_for(line, share if job.file else job)
    for copy, message in zip(between.copies, messages, strict=False):
        if copy.attachment is not None and copy.attachment.position:  # only the first of an album bears the name
            message = message.model_copy(update={"html": escaped(job)})  # noqa: PLW2901
        _replace(turn, line, copy, message)
        if job.file:
            _correct_file(turn, copy, job.file)
    for copy in between.copies[len(messages) :]:
        _remove(turn, line, copy)
    for message in messages[len(between.copies) :]:
        relay.come_from(turn.send(line.chat_id, message, line.author, line.conversation), line.source, job)


def _replace(turn: Turn, line: Line, copy: Copy, message: Outbound) -> None:
    """Change a copy: in the outbox while it waits there, by an edit once it has arrived."""
    row = copy.message
    if row.state == Delivery.PENDING and row.attempt == 0:
        turn.uow.messages.rewrite(row, _in_place(turn, copy, message))
    elif row.state == Delivery.SENT and copy.number is not None:
        edited = message.model_copy(update={"replaces": copy.number, "reply_to": None})
        turn.send(line.chat_id, edited, Author.SYSTEM, line.conversation)
        if line.author == Author.OPERATOR:
            turn.uow.messages.rewrite(row, _in_place(turn, copy, message))
    else:  # nobody knows whether it arrives
        _tell_anew(turn, line, message)
    row.edited_at = turn.uow.now()


def _in_place(turn: Turn, copy: Copy, message: Outbound) -> str:
    """Return the body of a copy with what is new in it; of an album one file changes."""
    before = Outbound.model_validate_json(turn.uow.messages.opened(copy.message))
    kept: dict[str, object] = {"reply_to": before.reply_to, "replaces": before.replaces}
    if copy.attachment is not None and len(before.files) > 1:
        files, at = list(before.files), copy.attachment.position
        files[at] = message.files[0].model_copy(update={"html": message.html if at else ""})
        kept |= {"files": tuple(files), "html": before.html if at else message.html}
    return message.model_copy(update=kept).model_dump_json(exclude_defaults=True)


def _tell_anew(turn: Turn, line: Line, said: Edit | Outbound) -> None:
    """Send new words as a message of their own, with a sign that they take the place of others."""
    messages = [said] if isinstance(said, Outbound) else messages_for(line, _shared(said))
    for message in messages:
        marked = message.model_copy(update={"html": f"{_CHANGED} {message.html}"}) if message.html else message
        row = turn.send(line.chat_id, marked, line.author, line.conversation)
        if isinstance(said, Edit):
            relay.come_from(row, line.source, said)


def _shared(job: Edit) -> Edit | Share:
    return Share(**job.model_dump(exclude={"kind", "file"}), file=job.file) if job.file else job


def _correct_record(turn: Turn, job: Edit) -> None:
    """Let the record of a customer's words say what they say now."""
    assert job.message_id is not None  # noqa: S101 - the caller looked
    record = turn.uow.relays.record(turn.user.telegram_id, job.message_id)
    if record is not None:
        turn.uow.messages.rewrite(record, recorded(_shared(job)))
        record.edited_at = turn.uow.now()


def _correct_file(turn: Turn, copy: Copy, file: File) -> None:
    attachments = turn.uow.attachments
    for row in [copy.attachment] if copy.attachment else attachments.of_message(copy.message.id):
        attachments.change(row, file_id=file.id, size=file.size, mime=file.mime, name=file.name)


def _all_gone(turn: Turn, between: _Between) -> bool:
    """Take all copies back, or none: those on their way, and old ones, stay."""
    oldest = turn.uow.now() - _DELETABLE
    if not all(_may_go(copy, oldest) for copy in between.copies):
        return False
    for copy in between.copies:
        _remove(turn, between.line, copy)
    return True


def _may_go(copy: Copy, oldest: datetime) -> bool:
    row: Message = copy.message
    if row.state == Delivery.PENDING:
        return row.attempt == 0
    return row.state == Delivery.SENT and copy.number is not None and row.sent_at is not None and row.sent_at > oldest


def _remove(turn: Turn, line: Line, copy: Copy) -> None:
    row = copy.message
    if row.state == Delivery.PENDING:
        row.state, row.reason = Delivery.DROPPED, TAKEN_BACK
    elif copy.number is not None:
        turn.send(line.chat_id, Outbound(html="", removes=copy.number), Author.SYSTEM, line.conversation)
    row.deleted_at = turn.uow.now()
