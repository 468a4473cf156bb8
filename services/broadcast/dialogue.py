"""The dialogue in the messenger: the commands, and the words that the author of a draft is asked for."""

from database.models import Broadcast, BroadcastState
from services.access import Permission
from services.broadcast import drafting, screens
from services.broadcast.board import own_draft, require
from services.broadcast.drafting import Awaited
from services.broadcast.jobs import LeaveDraft, OpenBroadcast
from services.broadcast.pressing import PATIENCE, await_words
from services.desk.choosing import refused
from services.desk.desk import Desk
from services.errors import DeskRefusal
from services.jobs_spoken import Share, Spoken
from services.turn import Turn


def open_(turn: Turn, job: OpenBroadcast) -> None:
    """Begin a broadcast, or go on with the draft that is there."""
    desk = Desk.of(turn)
    try:
        require(desk, Permission.BROADCAST)
        spoken = Spoken(text=job.text, html=job.html) if job.text.strip() else None
        found = None if spoken else desk.uow.broadcasts.unfinished(desk.me)
        broadcast = found or drafting.begin(desk, spoken)
        if spoken or found:
            _leave(turn)
            turn.reply(screens.panel(desk, broadcast, desk.me))
        else:
            await_words(turn, broadcast, Awaited.CONTENT)
    except DeskRefusal as refusal:
        refused(turn, desk, refusal)


def heard(turn: Turn, job: Spoken) -> bool:
    """Take what the author of a draft was asked for; False when nothing was, or the words answer somebody else."""
    user = turn.user
    if user.drafting is None or job.reply_to is not None:
        return False
    if not _still_asked(turn):
        _leave(turn)
        return False
    desk = Desk.of(turn)
    try:
        broadcast = own_draft(desk, user.drafting)
        if broadcast.awaits is None:
            _leave(turn)
            return False
        _take(desk, broadcast, job)
    except DeskRefusal as refusal:
        refused(turn, desk, refusal)
        return True
    if broadcast.list_file is None:
        turn.reply(screens.panel(desk, broadcast, desk.me))
    else:
        turn.say("broadcast.list_read")
    broadcast.awaits = None
    _leave(turn)
    return True


def leave(turn: Turn, job: LeaveDraft) -> None:
    """Leave the draft that is being written, and throw it away."""
    del job
    desk, drafted = Desk.of(turn), turn.user.drafting
    found = desk.uow.broadcasts.get(drafted) if drafted else desk.uow.broadcasts.unfinished(desk.me)
    _leave(turn)
    if found is None or found.state != BroadcastState.DRAFT:
        turn.say("broadcast.nothing_to_leave")
        return
    try:
        drafting.drop(desk, found.id)
    except DeskRefusal as refusal:
        refused(turn, desk, refusal)
    else:
        turn.say("broadcast.cancelled")


def _take(desk: Desk, broadcast: Broadcast, job: Spoken) -> None:
    match broadcast.awaits:
        case Awaited.CONTENT:
            drafting.say(desk, broadcast.id, job)
        case Awaited.LINKS:
            drafting.link(desk, broadcast.id, "" if job.text.strip() == "-" else job.text or " - ")
        case Awaited.MOMENT:
            drafting.type_moment(desk, broadcast.id, job.text)
        case _:
            drafting.expect_list(desk, broadcast.id, job if isinstance(job, Share) else Share())


def _still_asked(turn: Turn) -> bool:
    """Return whether what was asked for is still awaited: not for ever, and not once a customer was taken since."""
    until = turn.user.drafting_until
    if until is None or until <= turn.uow.now():
        return False
    taken = [chat.taken_at for chat in turn.uow.floor.chats(turn.sender.telegram_id) if chat.taken_at]
    return all(moment < until - PATIENCE for moment in taken)


def _leave(turn: Turn) -> None:
    turn.user.drafting = turn.user.drafting_until = None
