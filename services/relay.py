"""Passing on: what one side says, as messages for the other side, in the order in which it was said."""

from database.models import Attachment, Conversation, Message
from services.jobs_spoken import Share, Spoken
from services.outbound import File, Outbound
from services.turn import Speaker
from services.wording import Line, escaped, messages_for, recorded, sign, takes_words

TOGETHER = 0.7  # seconds that an album waits for its next file: nothing tells which one is the last
_ALBUM = 10  # files (Bot API, sendMediaGroup)


def keep(speaker: Speaker, conversation: Conversation, job: Spoken) -> Attachment | None:
    """Keep what a customer said to a person; returns the row of its file, if there is one."""
    record = speaker.uow.messages.received(conversation, recorded(job), speaker.traceparent, answered=True)
    come_from(record, conversation.chat_id, job)
    return attach(speaker, conversation, record, job, job.file) if isinstance(job, Share) and job.file else None


def pass_on(speaker: Speaker, line: Line, job: Spoken, attachment: Attachment | None = None) -> Message:
    """Write the messages of something said; returns the first that holds any of it.

    `attachment` is the row of its file, where there is one already.
    """
    if isinstance(job, Share) and job.file:
        return _pass_file(speaker, line, job, job.file, attachment)
    return _write(speaker, line, job)


def _write(speaker: Speaker, line: Line, job: Spoken) -> Message:
    if line.named and isinstance(job, Share) and not takes_words(job):
        speaker.send(line.chat_id, Outbound(html=f"{line.head} {sign(job)}"), line.author, line.conversation)
    messages = messages_for(line, job, _counterpart(speaker, line, job))
    written = [speaker.send(line.chat_id, message, line.author, line.conversation) for message in messages]
    for message in written:
        come_from(message, line.source, job)
    return written[0]


def _pass_file(speaker: Speaker, line: Line, job: Share, file: File, attachment: Attachment | None) -> Message:
    """Put a file to those of its album that have not left yet, or write a message for it."""
    row, position = _album(speaker, line, job, file)
    if row is None:
        row = _write(speaker, line, job)
        if job.album:
            speaker.uow.messages.hold(row, TOGETHER)
    if job.album:
        speaker.uow.after_commit(lambda: speaker.tools.wakeups.delivery(TOGETHER))
    attachment = attachment or attach(speaker, line.conversation, row, job, file)
    speaker.uow.attachments.link(attachment, row, position)
    return row


def _album(speaker: Speaker, line: Line, job: Share, file: File) -> tuple[Message | None, int]:
    """Add a file to its album, if that has room and was not tried to be sent; returns its place there."""
    row = speaker.uow.attachments.open_album(line.conversation, job.album, line.chat_id) if job.album else None
    message = Outbound.model_validate_json(speaker.uow.messages.opened(row)) if row else None
    if row is None or message is None or len(message.files) == _ALBUM:
        return None, 0
    added = file.model_copy(update={"html": escaped(job)})
    message = message.model_copy(update={"files": (*message.files, added)})
    speaker.uow.messages.rewrite(row, message.model_dump_json(exclude_defaults=True), hold=TOGETHER)
    return row, len(message.files) - 1


def come_from(message: Message, chat_id: int, job: Spoken) -> None:
    """Remember where something was written, so that replies and edits find what stands for it."""
    if job.message_id is not None:
        message.source_chat_id, message.source_message_id = chat_id, job.message_id


def attach(speaker: Speaker, conversation: Conversation, message: Message, job: Share, file: File) -> Attachment:
    """Keep what is known of a file beside the record of what was said."""
    return speaker.uow.attachments.add(
        message,
        conversation,
        kind=file.kind,
        file_id=file.id,
        size=file.size,
        mime=file.mime,
        name=file.name,
        album=job.album,
        source_message_id=job.message_id,
    )


def _counterpart(speaker: Speaker, line: Line, job: Spoken) -> int | None:
    if job.reply_to is None:
        return None
    return speaker.uow.relays.counterpart(line.source, job.reply_to, line.chat_id, line.conversation.id)
