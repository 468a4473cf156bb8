"""Taking back: a moderator deletes a message of theirs, which leaves the customer's chat too; of an album one file."""

from datetime import datetime, timedelta

from database.models import Attachment, AuditAct, Author, Delivery
from database.queries.relay import Copy
from services.counterparts import Counterpart, counterpart
from services.jobs_spoken import TakeBack
from services.outbound import Outbound
from services.turn import Turn
from services.wording import Line

TAKEN_BACK = "taken_back"  # the reason of what was taken back before it left
_DELETABLE = timedelta(hours=47)  # after 48 the messenger does not delete any more (Bot API, deleteMessage)


def take_back(turn: Turn, job: TakeBack) -> None:
    """Delete what stands for a moderator's message in the customer's chat, and the message itself in the own chat."""
    if job.reply_to is None:
        turn.say("media.delete_how")
        return
    there = counterpart(turn, job.reply_to)
    if there is None or there.line.author != Author.OPERATOR or not _all_gone(turn, there):
        turn.say("media.not_deleted")
        return
    subject = f"conversation:{there.line.conversation.id}"
    turn.uow.audit.record(AuditAct.MESSAGE_TAKEN_BACK, actor=turn.user.telegram_id, subject=subject)
    own, number, signals = turn.user.telegram_id, job.reply_to, turn.tools.signals
    turn.uow.after_commit(lambda: signals.delete(own, number))
    turn.say("media.deleted")


def remove(turn: Turn, line: Line, copy: Copy) -> None:
    """Take back what stands for a message: one that waits never leaves, one that arrived is deleted."""
    row, now = copy.message, turn.uow.now()
    others = _others(turn, copy)
    if copy.attachment is not None:
        copy.attachment.deleted_at = now
    if row.state != Delivery.PENDING and copy.number is not None:
        turn.send(line.chat_id, Outbound(html="", removes=copy.number), Author.SYSTEM, line.conversation)
    if others:
        _leave(turn, line, copy, others)
        return
    if row.state == Delivery.PENDING:
        row.state, row.reason = Delivery.DROPPED, TAKEN_BACK
    row.deleted_at = now


def _all_gone(turn: Turn, there: Counterpart) -> bool:
    """Take all copies back, or none: those on their way, and old ones, stay."""
    oldest = turn.uow.now() - _DELETABLE
    if not all(_may_go(copy, oldest) for copy in there.copies):
        return False
    for copy in there.copies:
        remove(turn, there.line, copy)
    return True


def _may_go(copy: Copy, oldest: datetime) -> bool:
    row = copy.message
    if row.state == Delivery.PENDING:
        return row.attempt == 0
    return row.state == Delivery.SENT and copy.number is not None and row.sent_at is not None and row.sent_at > oldest


def _others(turn: Turn, copy: Copy) -> list[Attachment]:
    """Return the other files of an album that still stand, in their order."""
    if copy.attachment is None:
        return []
    files = turn.uow.attachments.of_message(copy.message.id)
    return [file for file in files if file.id != copy.attachment.id]


def _leave(turn: Turn, line: Line, copy: Copy, others: list[Attachment]) -> None:
    """Take one file out of the message of an album; its first file bears the name over all of them."""
    before = Outbound.model_validate_json(turn.uow.messages.opened(copy.message))
    files, html = [before.files[file.position] for file in others], before.html
    if others[0].position:
        html = f"{line.head}\n{files[0].html}".removesuffix("\n")
        files[0] = files[0].model_copy(update={"html": ""})
    after = before.model_copy(update={"files": tuple(files), "html": html})
    turn.uow.messages.rewrite(copy.message, after.model_dump_json(exclude_defaults=True))
    for position, file in enumerate(others):
        file.position = position
