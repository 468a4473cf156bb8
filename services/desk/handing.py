"""Handing over: whoever takes a chat gets the files that the customer sent before."""

from database.models import Attachment, Conversation
from services import relay
from services.desk.desk import Desk
from services.desk.relaying import to_operator
from services.jobs_spoken import Share
from services.outbound import File, FileKind

_LAST = 10  # files that an operator gets who takes a chat


def hand_over(desk: Desk, conversation: Conversation, staff_id: int) -> None:
    """Give an operator who takes a chat the files that the customer sent before."""
    line = to_operator(desk, conversation, staff_id)
    for attachment in desk.uow.attachments.not_with(conversation, staff_id, _LAST):
        relay.pass_on(desk, line, _shared(desk, attachment), attachment)


def _shared(desk: Desk, attachment: Attachment) -> Share:
    """Return a file as it was shared; its words, if any, stand in the dialog that the operator is shown."""
    file = File(
        kind=FileKind(attachment.kind),
        id=desk.uow.attachments.file_id(attachment),
        size=attachment.size,
        mime=attachment.mime,
        name=desk.uow.attachments.name(attachment),
    )
    return Share(file=file, album=attachment.album, message_id=attachment.source_message_id)
