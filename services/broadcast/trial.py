"""The dry run: what would happen if a draft were sent now, with nothing sent."""

from math import ceil

from database.models import Broadcast
from services.broadcast import composing, deciding, drafting
from services.broadcast.board import message_of
from services.broadcast.moments import shown
from services.desk.desk import Desk


def run(desk: Desk, broadcast: Broadcast) -> str:
    """Return what would happen to a draft, for the one who acts; raises DeskRefusal where nothing would."""
    composing.checked(message_of(desk, broadcast))
    rules = desk.tools.policy.broadcasts
    found, opens = drafting.audience(desk, broadcast), deciding.opening(desk, broadcast)
    many = found.reached > rules.approval_above
    return desk.text(
        desk.me,
        "broadcast.trial",
        reached=found.reached,
        opted_out=found.opted_out,
        blocked=found.blocked,
        unconsented=found.unconsented,
        starts=shown(opens, rules.zone),
        minutes=ceil(found.reached / rules.per_second / 60),
        approval=desk.text(desk.me, "broadcast.trial_approval" if many else "broadcast.trial_alone"),
    )
