"""Suggesting: what the knowledge has on a customer's last words is shown to their operator, to be sent by a button."""

from collections.abc import Collection
from logging import getLogger
from uuid import UUID

from database.db import Database
from database.models import Author, Conversation, ConversationState, NoteKind, Priority
from services.desk import noting
from services.desk.desk import Desk
from services.desk.keys import short
from services.knowledge.language import look_up
from services.knowledge.passages import Found
from services.knowledge.quoting import extract
from services.ports import Button, Library, Outbound
from services.turn import Tools

_LOOKED_AT, _SOURCES = 10, 3

_log = getLogger(__name__)


def suggest(database: Database, tools: Tools, library: Library) -> int:
    """Suggest replies in the chats that wait for one; the knowledge is searched outside of any transaction.

    Returns how many suggestions were made.
    """
    made = 0
    while (asked := _next(database, tools)) is not None:
        conversation_id, question, language = asked
        try:
            found = _found(library, question, language, tools.words.languages) if question else Found()
        except Exception:  # noqa: BLE001 - an operator does without; whatever became of the knowledge is others' business
            _log.warning("the knowledge could not be asked for a suggestion")
            found = Found()
        if found.answerable and found.passages:
            with database.unit_of_work() as uow:
                made += _show(Desk(uow, tools), conversation_id, question, found)
    return made


def _found(library: Library, question: str, language: str, languages: Collection[str]) -> Found:
    return look_up(lambda one: library.search(question, one), question, language, languages)[1]


def _next(database: Database, tools: Tools) -> tuple[UUID, str, str] | None:
    with database.unit_of_work() as uow:
        conversation = uow.floor.to_suggest()
        if conversation is None:
            return None
        conversation.suggest_due = False
        said = uow.messages.history(conversation.id, _LOOKED_AT)
        words = next((item.body for item in reversed(said) if item.author == Author.CUSTOMER), "")
        return conversation.id, words, Desk(uow, tools).language_of(conversation.chat_id)


def _show(desk: Desk, conversation_id: UUID, question: str, found: Found) -> int:
    conversation: Conversation = desk.locked(conversation_id)
    if conversation.state != ConversationState.WITH_OPERATOR or conversation.staff_id is None:
        return 0
    staff_id, text = conversation.staff_id, extract(question, found.passages[0])
    noted, taken = desk.uow.desk.notes(conversation.id, NoteKind.SUGGESTION), conversation.taken_at
    earlier = [one for one in noted if taken is None or one.created_at >= taken]  # what this operator was shown
    again = bool(earlier) and earlier[-1].text == text
    if again and noting.stands(conversation, earlier[-1]):
        return 0
    sources = list(dict.fromkeys(passage.chunk.title for passage in found.passages[:_SOURCES]))
    number = desk.uow.desk.note(conversation, text, None, NoteKind.SUGGESTION)
    if again:  # the page shows it anew; the chat has it already
        return 1
    send = Button(label=desk.text(staff_id, "desk.button.suggest"), data=f"desk:suggest:{conversation.id.hex}:{number}")
    html = desk.text(staff_id, "desk.suggestion", id=short(conversation), text=text, sources="; ".join(sources))
    desk.send(staff_id, Outbound(html=html, buttons=((send,),)), Author.SYSTEM, conversation, Priority.NOTICE)
    return 1
