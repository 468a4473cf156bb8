"""Drafts: what a broadcast says, whom it is for, what it is and when it goes; rows, so that nothing is lost."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum, auto
from uuid import UUID

from database.models import AuditAct, Author, Broadcast, BroadcastKind, BroadcastState, Tier
from database.queries.audience import Audience, Segment
from services.access import Permission
from services.broadcast import composing, moments
from services.broadcast.board import keep, message_of, own_draft, record, require, seen
from services.broadcast.lists import Listed
from services.desk.desk import Desk
from services.errors import DeskRefusal
from services.jobs_spoken import Share, Spoken
from services.outbound import FileKind, Outbound

LONGEST_TAG = 16  # characters; a button holds 64 bytes
LIST_BYTES = 20 * 2**20  # what the messenger gives bots of a file


class Awaited(StrEnum):
    """What the author's next message is for."""

    CONTENT = auto()
    LINKS = auto()
    MOMENT = auto()
    LIST = auto()


def begin(desk: Desk, spoken: Spoken | None = None) -> Broadcast:
    """Begin a broadcast, with what it says if that is known; raises DeskRefusal."""
    require(desk, Permission.BROADCAST)
    message = composing.composed(spoken, desk.tools.policy) if spoken else Outbound(html="")
    broadcast = desk.uow.broadcasts.draft(desk.me, message.model_dump_json(exclude_defaults=True))
    desk.uow.session.flush()
    record(desk, AuditAct.BROADCAST_DRAFTED, broadcast)
    return broadcast


def say(desk: Desk, broadcast_id: UUID, spoken: Spoken) -> Broadcast:
    """Give a draft what it says; its links stay. Raises DeskRefusal."""
    broadcast = own_draft(desk, broadcast_id)
    keep(desk, broadcast, composing.composed(spoken, desk.tools.policy, message_of(desk, broadcast).buttons))
    broadcast.file_due_at = None
    return broadcast


def link(desk: Desk, broadcast_id: UUID, text: str) -> Broadcast:
    """Give a draft links under its message, or take them away with an empty text; raises DeskRefusal."""
    broadcast = own_draft(desk, broadcast_id)
    links = composing.links_of(text) if text.strip() else ()
    keep(desk, broadcast, message_of(desk, broadcast).model_copy(update={"buttons": links}))
    return broadcast


def set_kind(desk: Desk, broadcast_id: UUID, kind: str) -> Broadcast:
    """Say what a draft is to customers; raises DeskRefusal."""
    broadcast = own_draft(desk, broadcast_id)
    if kind not in set(BroadcastKind):
        raise DeskRefusal("button.stale")
    broadcast.kind = BroadcastKind(kind)
    return broadcast


def set_moment(desk: Desk, broadcast_id: UUID, moment: datetime | None) -> Broadcast:
    """Say when a draft goes out: None for as soon as it is decided. Raises DeskRefusal."""
    broadcast = own_draft(desk, broadcast_id)
    if moment is not None and moment <= desk.uow.now():
        raise DeskRefusal("broadcast.past")
    broadcast.starts_at = moment
    return broadcast


def type_moment(desk: Desk, broadcast_id: UUID, text: str) -> Broadcast:
    """Say when a draft goes out, in words as people type them; raises DeskRefusal."""
    zone = desk.tools.policy.broadcasts.zone
    return set_moment(desk, broadcast_id, moments.typed(text, zone, desk.uow.now()))


def set_segment(desk: Desk, broadcast_id: UUID, segment: Segment) -> Broadcast:
    """Say whom a draft is for; raises DeskRefusal for what there is not."""
    broadcast = own_draft(desk, broadcast_id)
    known = set(desk.tools.words.languages)
    if not set(segment.languages) <= known or not set(segment.tiers) <= set(Tier):
        raise DeskRefusal("button.stale")
    if segment.tag and segment.tag not in desk.uow.audience.tags():
        raise DeskRefusal("broadcast.no_tag", tag=segment.tag)
    broadcast.segment = segment.kept()
    return broadcast


def everybody(desk: Desk, broadcast_id: UUID) -> Broadcast:
    """Take all conditions away; raises DeskRefusal."""
    return set_segment(desk, broadcast_id, Segment())


def expect_list(desk: Desk, broadcast_id: UUID, job: Share) -> Broadcast:
    """Let a worker read the file of account numbers that somebody sent; raises DeskRefusal."""
    broadcast = own_draft(desk, broadcast_id)
    if job.file is None or job.file.kind is not FileKind.DOCUMENT:
        raise DeskRefusal("broadcast.list_how")
    if job.file.size is not None and job.file.size > LIST_BYTES:
        raise DeskRefusal("media.too_large", limit=LIST_BYTES // 2**20)
    desk.uow.broadcasts.expect_list(broadcast, job.file.id)
    desk.uow.after_commit(desk.tools.wakeups.broadcasts)
    return broadcast


def keep_list(desk: Desk, broadcast: Broadcast, listed: Listed) -> int:
    """Keep the accounts that a file names, and go to those alone; returns how many of them the bot knows."""
    known = desk.uow.audience.keep_list(broadcast.id, listed)
    if listed.read:
        broadcast.segment = replace(Segment.of(broadcast.segment), listed=True).kept()
        record(desk, AuditAct.BROADCAST_LISTED, broadcast, listed=listed.read, known=known)
    return known


def audience(desk: Desk, broadcast: Broadcast) -> Audience:
    """Return whom a broadcast would reach now, and remember their number."""
    found = desk.uow.audience.count(broadcast.id, Segment.of(broadcast.segment), broadcast.kind)
    if broadcast.state in {BroadcastState.DRAFT, BroadcastState.SUBMITTED, BroadcastState.SCHEDULED}:
        broadcast.audience = found.reached
    return found


def drop(desk: Desk, broadcast_id: UUID) -> Broadcast:
    """Throw a draft away; raises DeskRefusal."""
    broadcast = own_draft(desk, broadcast_id)
    broadcast.state = BroadcastState.CANCELLED
    broadcast.finished_at = desk.uow.now()
    record(desk, AuditAct.BROADCAST_CANCELLED, broadcast)
    return broadcast


def preview(desk: Desk, broadcast_id: UUID) -> Broadcast:
    """Show the one who acts the message as customers would get it; raises DeskRefusal."""
    broadcast = seen(desk, broadcast_id)
    if broadcast.file_waits:
        raise DeskRefusal("broadcast.file_waits")
    message = composing.checked(message_of(desk, broadcast))
    started = broadcast.started_at is not None
    shown = (
        message if started else composing.final(message, broadcast.kind, desk.tools.words, spoken_in(desk, broadcast))
    )
    desk.send(desk.me, shown, Author.SYSTEM)
    return broadcast


def spoken_in(desk: Desk, broadcast: Broadcast) -> str:
    """Return the language of a broadcast's own words for who chose none: its readers', if they share one."""
    languages = Segment.of(broadcast.segment).languages
    return languages[0] if len(languages) == 1 else desk.tools.policy.language
