"""All that is kept about a customer, in plain words, as it goes into an export."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from database.db import UnitOfWork
from database.models import Answer, Attachment, Author, Conversation, Message, User
from database.queries.personal import Customer
from services.dialog import plain
from utils.encryption import EncryptionError

FORMAT = 1  # of the JSON document; another number as soon as a field means something else

Fields = dict[str, Any]


def disclosed(uow: UnitOfWork, user: User) -> Fields:
    """Return everything that is kept about a person, opened: what an export is made of, in the JSON document's form.

    Accounts of the staff are left out: they are other people's data.
    """
    customer = uow.personal.customer(user)
    said, told = _said(uow, customer), uow.disclosures
    return {
        "format": FORMAT,
        "made_at": _at(uow.now()),
        "profile": _profile(uow, user),
        "consents": _consents(uow, user),
        "conversations": _conversations(uow, customer, said),
        "other_messages": [message for messages in said.values() for message in messages],
        "calls": [
            {"asked_at": _at(call.created_at), "state": call.state, "done_at": _at(call.done_at)}
            for call in told.calls(customer)
        ],
        "links": [{"at": _at(at), "purpose": what, "subject": subject} for at, what, subject in told.links(customer)],
    }


def _said(uow: UnitOfWork, customer: Customer) -> dict[UUID | None, list[Fields]]:
    """Return all messages by their conversations, those of none under None."""
    thumbs = uow.disclosures.thumbs(customer)
    files = _files(uow, uow.disclosures.attachments(customer))
    said: dict[UUID | None, list[Fields]] = defaultdict(list)
    for message, body in uow.disclosures.messages(customer):
        said[message.conversation_id].append(_message(message, body, thumbs, files))
    return said


def _conversations(uow: UnitOfWork, customer: Customer, said: dict[UUID | None, list[Fields]]) -> list[Fields]:
    """Return the conversations with what belongs to each; their messages are taken out of `said`."""
    told, ratings = uow.disclosures, dict[UUID, Fields]()
    notes, answers = defaultdict[UUID, list[Fields]](list), defaultdict[UUID, list[Fields]](list)
    for note, text in told.notes(customer):
        notes[note.conversation_id].append({"at": _at(note.created_at), "text": text})
    for rating, comment in told.ratings(customer):
        ratings[rating.conversation_id] = {"at": _at(rating.rated_at), "score": rating.score, "comment": comment}
    for answer in told.answers(customer):
        answers[answer.conversation_id].append(_answer(answer))
    return [
        {
            **_conversation(uow, each),
            "rating": ratings.get(each.id),
            "messages": said.pop(each.id, []),
            "notes": notes[each.id],
            "answers": answers[each.id],
        }
        for each in told.conversations(customer)
    ]


def _profile(uow: UnitOfWork, user: User) -> Fields:
    return {
        "telegram_id": user.telegram_id,
        "name": uow.users.profile(user),
        "phone": uow.users.phone(user),
        "phone_is": user.tier,
        "language": user.language,
        "answers_first": user.mode,
        "since": _at(user.created_at),
        "blocked_the_bot_at": _at(user.blocked_at),
        "barred_at": _at(user.barred_at),
        "no_marketing_since": _at(user.opted_out_at),
        "last_here_at": _at(user.seen_at),
        "tags": uow.disclosures.tags(user),
    }


def _consents(uow: UnitOfWork, user: User) -> list[Fields]:
    return [
        {
            "version": consent.version,
            "language": consent.language,
            "given_at": _at(consent.created_at),
            "withdrawn_at": _at(consent.withdrawn_at),
        }
        for consent in reversed(uow.users.consents(user))
    ]


def _conversation(uow: UnitOfWork, conversation: Conversation) -> Fields:
    try:
        summary = uow.memory.summary(conversation)
    except EncryptionError:
        summary = ""
    return {
        "began_at": _at(conversation.created_at),
        "ended_at": _at(conversation.closed_at),
        "state": conversation.state,
        "with_a_person_from": _at(conversation.taken_at),
        "wanted_for": conversation.reason,
        "ended_as": conversation.disposition,
        "summary": summary,
    }


def _message(message: Message, body: str, thumbs: dict[int, bool], files: dict[int, list[Fields]]) -> Fields:
    fields: Fields = {
        "at": _at(message.created_at),
        "from": message.author,
        "text": body if message.author == Author.CUSTOMER else _words(body),
        "state": message.state,
        "sent_at": _at(message.sent_at),
        "edited_at": _at(message.edited_at),
        "deleted_at": _at(message.deleted_at),
        "files": files.get(message.id, []),
    }
    if message.id in thumbs:
        fields["found_helpful"] = thumbs[message.id]
    return fields


def _words(body: str) -> str:
    try:
        return plain(body) if body else ""
    except ValidationError:
        return ""


def _files(uow: UnitOfWork, attachments: Sequence[Attachment]) -> dict[int, list[Fields]]:
    """Return what is known of files by the message that they came with, and by the one that took them across."""
    found: dict[int, list[Fields]] = defaultdict(list)
    for attachment in attachments:
        fields = {
            "kind": attachment.kind,
            "name": uow.attachments.name(attachment),
            "type": attachment.mime,
            "bytes": attachment.size,
            "kept_by_the_bank": attachment.sha256 is not None,
            "sha256": attachment.sha256,
        }
        for message_id in {attachment.message_id, attachment.copy_id} - {None}:
            found[int(message_id or 0)].append(fields)
    return found


def _answer(answer: Answer) -> Fields:
    return {
        "at": _at(answer.created_at),
        "outcome": answer.outcome,
        "confidence": answer.confidence,
        "sources": [passage.get("title") for passage in answer.passages],
        "model": answer.model,
        "hidden_from_the_model": answer.masked or {},
    }


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
