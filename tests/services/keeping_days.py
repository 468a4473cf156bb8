"""Rows of every class that retention knows, as old as a test wants them."""

import json
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import func, select, update

from database.db import Database
from database.models import (
    AuditAct,
    Broadcast,
    BroadcastRecipient,
    BroadcastState,
    Callback,
    CallbackState,
    ConsoleSession,
    Conversation,
    DeskAct,
    DeskEvent,
    InboxRow,
    InboxState,
    LegalHold,
    Message,
    SignInCode,
)
from database.queries.audit import Wanted
from services.archive.shelf import Shelf
from services.retention.running import Retention
from services.retention.schedule import Schedule
from tests.database.people import person
from tests.services.archiving import Room


def keeper(room: Room, idle: int = 0, **days: int) -> Retention:
    """Return who keeps the schedule of a test."""
    keyring, bot_id = room.database.vault.keyring, room.database.bot_id
    schedule = Schedule(days, idle)
    return Retention(room.database, schedule, lambda folder: Shelf(room.kept, keyring, bot_id, folder), room.files)


def aged(room: Room, days: float, telegram_id: int = 1) -> None:
    """Let a customer's closed conversations have ended some days ago, unless they are archived already."""
    with room.database.unit_of_work() as uow:
        then = uow.now() - timedelta(days=days)
        own = update(Conversation).where(
            Conversation.bot_id == room.database.bot_id,
            Conversation.chat_id == telegram_id,
            Conversation.state == "closed",
            Conversation.archived_end.is_(None),
        )
        uow.session.execute(own.values(closed_at=then), execution_options={"synchronize_session": False})


def number(database: Database, model: type[Message | Conversation | InboxRow | DeskEvent]) -> int:
    """Return how many rows of a table the bot has."""
    with database.reading() as uow:
        mine = select(func.count()).select_from(model).where(model.bot_id == database.bot_id)
        return int(uow.session.scalar(mine) or 0)


def one_of_each(database: Database, telegram_id: int, days: int) -> None:
    """Write a row of each class for a customer, some days old."""
    bot = database.bot_id
    with database.unit_of_work() as uow:
        then, user = uow.now() - timedelta(days=days), person(uow, telegram_id)
        own = {"bot_id": bot, "created_at": then}
        ended = Broadcast(**own, author_id=9, state=BroadcastState.DONE, body=b"x", finished_at=then)
        draft = Broadcast(**own, author_id=9, state=BroadcastState.DRAFT, body=b"x")
        uow.session.add_all([ended, draft])
        uow.session.flush()
        said = {"chat_id": telegram_id, "author": "system", "state": "sent"}
        uow.session.add_all(
            [
                Message(**own, **said),
                Message(**own, **said, broadcast_id=ended.id),
                BroadcastRecipient(broadcast_id=ended.id, chat_id=telegram_id, bot_id=bot, queued_at=then),
                InboxRow(
                    bot_id=bot,
                    update_id=telegram_id * 1000 + days,
                    chat_id=telegram_id,
                    kind="say",
                    state=InboxState.DONE,
                    received_at=then,
                ),
                Callback(**own, user_id=user.id, state=CallbackState.DONE, done_at=then),
                LegalHold(**own, telegram_id=telegram_id, reason=b"x", lifted_at=then),
                DeskEvent(bot_id=bot, act=DeskAct.PRESENCE, at=then),
                ConsoleSession(**own, telegram_id=telegram_id, token_hash=uuid4().bytes, expires_at=then, seen_at=then),
            ]
        )
        hashes = {name: uuid4().bytes for name in ("browser_hash", "source_hash")}
        uow.session.add(SignInCode(**own, telegram_id=telegram_id, **hashes, expires_at=then))


def applied(room: Room) -> list[tuple[str, int]]:
    """Return which classes rows went of, and how many, as the audit log has it."""
    with room.database.reading() as uow:
        acts = uow.audit.oldest(Wanted(act=AuditAct.RETENTION_APPLIED), 99)
    return [(act.subject.removeprefix("retention:"), json.loads(act.details)["rows"]) for act in acts]
