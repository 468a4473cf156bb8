"""Broadcasts as pages show them: a list with how far each is, one with all there is to say, and a form's changes."""

from dataclasses import dataclass
from uuid import UUID

from database.models import Broadcast, BroadcastState
from database.queries.audience import Audience, Segment
from database.queries.tally import Tally
from services.access import Permission
from services.broadcast import composing, drafting, moments, screens
from services.broadcast.board import UNDER_WAY, keep, may, message_of, own_draft, require, seen
from services.broadcast.lists import Listed
from services.desk.desk import Desk
from services.errors import DeskRefusal
from services.jobs_spoken import Spoken
from services.outbound import Outbound

_MOST = 50  # broadcasts of a list


@dataclass(frozen=True)
class Line:
    """One of a list; `tally` for those under way."""

    broadcast: Broadcast
    words: str
    tally: Tally | None


@dataclass(frozen=True)
class Opened:
    """One with all that a page needs; `links` are lines as they are typed, `acts` what the reader may do now."""

    broadcast: Broadcast
    message: Outbound
    links: str
    segment: Segment
    whom: str
    when: str
    audience: Audience | None
    tally: Tally | None
    tags: tuple[str, ...]
    acts: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """What somebody typed and chose; `moment` is empty for as soon as it is decided."""

    html: str
    links: str
    kind: str
    segment: Segment
    moment: str


def recent(desk: Desk) -> list[Line]:
    """Return the newest broadcasts that are the reader's, or all for who may approve; raises DeskRefusal."""
    require(desk, Permission.BROADCAST)
    everything = may(desk, Permission.APPROVE_BROADCASTS)
    found = desk.uow.broadcasts.recent(_MOST, None if everything else desk.me)
    return [_line(desk, one) for one in found if one.state != BroadcastState.DRAFT or one.author_id == desk.me]


def opened(desk: Desk, broadcast_id: UUID) -> Opened:
    """Return a broadcast for its page; raises DeskRefusal."""
    broadcast = seen(desk, broadcast_id)
    message, waits = message_of(desk, broadcast), broadcast.started_at is None
    links = [f"{button.label} - {button.url}" for row in message.buttons for button in row if button.url]
    return Opened(
        broadcast=broadcast,
        message=message,
        links="\n".join(links),
        segment=Segment.of(broadcast.segment),
        whom=screens.whom_of(desk, broadcast, desk.me),
        when=screens.when_of(desk, broadcast, desk.me),
        audience=drafting.audience(desk, broadcast) if waits else None,
        tally=None if waits else desk.uow.tallies.of(broadcast.id),
        tags=tuple(desk.uow.audience.tags()),
        acts=_acts(desk, broadcast),
    )


def change(desk: Desk, broadcast_id: UUID, form: Form) -> Broadcast:
    """Give a draft what a form says, all of it or nothing; raises DeskRefusal."""
    broadcast = own_draft(desk, broadcast_id)
    html = composing.markup(Spoken(text=form.html))
    links = composing.links_of(form.links) if form.links.strip() else ()
    message = message_of(desk, broadcast).model_copy(update={"html": html, "buttons": links})
    keep(desk, broadcast, composing.checked(message))
    drafting.set_kind(desk, broadcast_id, form.kind)
    drafting.set_segment(desk, broadcast_id, form.segment)
    zone = desk.tools.policy.broadcasts.zone
    moment = moments.typed(form.moment, zone, desk.uow.now()) if form.moment.strip() else None
    return drafting.set_moment(desk, broadcast_id, moment)


def take_list(desk: Desk, broadcast_id: UUID, content: bytes) -> tuple[Listed, int]:
    """Take a file of accounts for a draft; returns what it held and how many are known; raises DeskRefusal."""
    broadcast = own_draft(desk, broadcast_id)
    listed = Listed(content)
    known = drafting.keep_list(desk, broadcast, listed)
    if not listed.read:
        raise DeskRefusal("broadcast.list_failed")
    return listed, known


def _line(desk: Desk, broadcast: Broadcast) -> Line:
    tally = desk.uow.tallies.of(broadcast.id) if broadcast.state in UNDER_WAY else None
    return Line(broadcast, screens.excerpt(desk, broadcast, desk.me), tally)


def _acts(desk: Desk, broadcast: Broadcast) -> tuple[str, ...]:
    own = broadcast.author_id == desk.me
    match broadcast.state:
        case BroadcastState.DRAFT:
            return ("save", "preview", "trial", "send", "cancel") if own else ()
        case BroadcastState.SUBMITTED:
            return ("withdraw", "stop") if own else ("approve", "reject", "preview")
        case BroadcastState.SCHEDULED:
            return ("withdraw", "stop", "preview") if own else ("stop", "preview")
        case BroadcastState.RUNNING:
            return ("pause", "stop", "preview")
        case BroadcastState.PAUSED:
            return ("resume", "stop", "preview")
    return ("preview", "report") if broadcast.started_at else ()
