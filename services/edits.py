"""What happens to a message that its writer changes after it was sent."""

from collections.abc import Sequence

from database.models import Attachment, Author, Conversation, ConversationState, Delivery
from database.queries.relay import Copy
from services import relay
from services.attachment_rules import refused
from services.counterparts import Counterpart, counterpart
from services.desk import relaying
from services.desk.desk import Desk
from services.jobs_spoken import Edit, Share
from services.outbound import File, Outbound
from services.question import take_away
from services.taking_back import remove
from services.turn import Turn
from services.wording import Line, escaped, messages_for, recorded

_CHANGED = "✏️"  # over what could not be changed where it stands


def edit(turn: Turn, job: Edit) -> None:
    """Change what stands for a message; where nothing does, the other side gets the new words, marked."""
    if job.message_id is None or refused(turn, job.file):
        return
    if job.masked:
        take_away(turn, job)
    own = turn.uow.conversations.open_for(turn.user.telegram_id)
    if own and own.state != ConversationState.AI:
        _correct_record(turn, own, job)
    if there := counterpart(turn, job.message_id):
        _change(turn, there, job)
    elif own and own.state == ConversationState.WITH_OPERATOR and own.staff_id is not None:
        _tell_anew(turn, relaying.to_operator(Desk.of(turn), own, own.staff_id), job)
    elif own and own.state == ConversationState.QUEUED:
        turn.say("handover.noted")
    else:
        turn.say("media.not_changed" if relaying.with_person(turn) else "unsupported.edited")


def _change(turn: Turn, there: Counterpart, job: Edit) -> None:
    """Put new words, and perhaps another file, in the place of what was passed on."""
    line = there.line
    share = Share(**job.model_dump(exclude={"kind", "file"}), file=job.file)
    messages = messages_for(line, share if job.file else job)
    for copy, message in zip(there.copies, messages, strict=False):
        if copy.attachment is not None and copy.attachment.position:  # only the first of an album bears the name
            message = message.model_copy(update={"html": escaped(job)})  # noqa: PLW2901
        _replace(turn, line, copy, message)
        if job.file:
            album = copy.attachment
            _put_file(turn, [album] if album else turn.uow.attachments.of_message(copy.message.id), job.file)
    for copy in there.copies[len(messages) :]:
        remove(turn, line, copy)
    for message in messages[len(there.copies) :]:
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


def _correct_record(turn: Turn, own: Conversation, job: Edit) -> None:
    """Let the record of a customer's words say what they say now, with the file that is there now."""
    assert job.message_id is not None  # noqa: S101 - the caller looked
    record = turn.uow.relays.record(turn.user.telegram_id, job.message_id)
    if record is None:
        return
    shared = _shared(job)
    turn.uow.messages.rewrite(record, recorded(shared))
    record.edited_at = turn.uow.now()
    if isinstance(shared, Share) and shared.file:
        rows = turn.uow.attachments.recorded([record.id])
        if not rows and record.conversation_id == own.id:  # until now it was words alone
            rows = [relay.attach(turn, own, record, shared, shared.file)]
        _put_file(turn, rows, shared.file)


def _put_file(turn: Turn, rows: Sequence[Attachment], file: File) -> None:
    for row in rows:
        turn.uow.attachments.change(
            row, kind=file.kind, file_id=file.id, size=file.size, mime=file.mime, name=file.name
        )
