"""Enclosing: files that an operator sends from the console, with words to them, as albums where they can be ones."""

from collections.abc import Sequence
from uuid import UUID

from database.models import Conversation, ConversationState, Message
from services.access import Permission
from services.desk.desk import Desk
from services.desk.pace import spoke
from services.desk.relaying import to_customer, to_watcher
from services.errors import DeskRefusal
from services.jobs import LONGEST
from services.jobs_spoken import Share
from services.outbound import File, FileKind
from services.uploads import Upload
from services.wording import Line, messages_for
from utils.masking import mask


def may_enclose(desk: Desk, conversation_id: UUID, caption: str) -> None:
    """Raise DeskRefusal unless files for a chat, with these words, are worth receiving: a look before any byte."""
    desk.require(Permission.TAKE_CHATS)
    conversation = desk.uow.floor.seen(conversation_id)
    if conversation is None:
        raise DeskRefusal("desk.unknown")
    _mine(desk, conversation, caption)


def send_files(desk: Desk, conversation: Conversation, files: Sequence[Upload], caption: str) -> str:
    """Send files to a customer of one's own and return their names and words; raises DeskRefusal.

    The messenger puts pictures into one album and documents into another; the words go with the first.
    """
    desk.require(Permission.TAKE_CHATS)
    _mine(desk, conversation, caption)
    words, line = mask(caption.strip()).text, to_customer(desk, conversation)
    watched = to_watcher(desk, conversation, line.source, line.name)
    pictures = [file for file in files if file.kind is FileKind.PHOTO]
    documents = [file for file in files if file.kind is not FileKind.PHOTO]
    said = words
    for group in filter(None, (pictures, documents)):
        _keep(desk, conversation, _write(desk, line, group, said), group)
        if watched is not None:
            _write(desk, watched, group, said)
        said = ""
    spoke(desk, conversation)
    return "\n".join([*(f"📎 {file.name}" for file in files), words]).strip()


def _mine(desk: Desk, conversation: Conversation, caption: str) -> None:
    if conversation.staff_id != desk.me:
        raise DeskRefusal("desk.not_yours")
    if conversation.state != ConversationState.WITH_OPERATOR:
        raise DeskRefusal("handover.gone")
    if len(caption) > 2 * LONGEST:
        raise DeskRefusal("unsupported.too_long")


def _write(desk: Desk, line: Line, group: Sequence[Upload], words: str) -> Message:
    """Write the messages of files that go together; returns the one that holds them."""
    files = tuple(File(kind=f.kind, own=f.uid, size=f.size, mime=f.mime, name=f.name) for f in group)
    messages = messages_for(line, Share(text=words, file=files[0]))
    messages[0] = messages[0].model_copy(update={"files": files})
    written = [desk.send(line.chat_id, message, line.author, line.conversation) for message in messages]
    return written[0]


def _keep(desk: Desk, conversation: Conversation, row: Message, group: Sequence[Upload]) -> None:
    for position, file in enumerate(group):
        attachment = desk.uow.attachments.add(
            row,
            conversation,
            kind=file.kind,
            file_id="",
            size=file.size,
            mime=file.mime,
            name=file.name,
            album=None,
            source_message_id=None,
            stored=(file.uid, file.sha256),
        )
        desk.uow.attachments.link(attachment, row, position)
