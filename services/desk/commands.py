"""The desk in Telegram: each command or button becomes its use case, and what comes of it is told in the chat."""

from collections.abc import Callable, Mapping

from services.desk import ending, noting, panel, passing, pins, presence, reading, taking
from services.desk.choosing import refused, show_chats
from services.desk.desk import Desk
from services.desk.ending import label_of
from services.desk.jobs import AtDesk, DeskVerb
from services.desk.keys import is_key, number, short
from services.desk.people import name_of
from services.errors import DeskRefusal
from services.ports import Button
from services.turn import Turn

_MOST_COLLEAGUES = 20
_MOST_SHOWN = 1000  # messages of a history; a longer number is the beginning of a reason


def at_desk(turn: Turn, job: AtDesk) -> None:
    """Do what somebody of the staff asks at the desk, or tell them why not."""
    desk = Desk.of(turn)
    try:
        _ACTS[job.act](turn, desk, job.words.strip())
    except DeskRefusal as refusal:
        if refusal.key == "desk.which_break":
            _offer_breaks(turn, desk)
        else:
            refused(turn, desk, refusal)


def _online(turn: Turn, desk: Desk, _words: str) -> None:
    presence.go_online(desk)
    buttons = tuple((turn.button(f"desk.button.{act}", f"desk:{act}"),) for act in ("next", "queue", "away"))
    turn.say("desk.online", buttons=buttons, limit=desk.limit(desk.operator()))


def _away(turn: Turn, desk: Desk, words: str) -> None:
    presence.go_away(desk, words.lower())
    turn.say("desk.away", reason=label_of(desk, "break", words.lower()))


def _logout(turn: Turn, desk: Desk, _words: str) -> None:
    turn.say("desk.logged_out", given=presence.log_out(desk))


def _next(_turn: Turn, desk: Desk, _words: str) -> None:
    taking.take_next(desk)


def _use(turn: Turn, desk: Desk, words: str) -> None:
    if not words:
        show_chats(turn, desk, "desk.your_chats")
        return
    conversation = desk.own(words)
    taking.use(desk, conversation)
    name = desk.uow.users.profile(desk.customer(conversation)) or turn.text("handover.customer")
    turn.say("desk.current", id=short(conversation), name=name)


def _done(_turn: Turn, desk: Desk, words: str) -> None:
    ending.done(desk, desk.named(words) if words else desk.own())


def _code(turn: Turn, desk: Desk, words: str) -> None:
    key, _, place = words.partition(" ")
    at = number(place)
    if not 0 <= at < len(desk.rules.codes):
        raise DeskRefusal("button.stale")
    name = desk.rules.codes[at]
    ending.code(desk, desk.named(key), name)
    turn.say("desk.coded", id=key[:6], code=label_of(desk, "code", name))


def _history(turn: Turn, desk: Desk, words: str) -> None:
    key, _, rest = words.partition(" ")
    conversation = desk.named(key) if key else desk.own()
    head, _, tail = rest.strip().partition(" ")
    limit, reason = (number(head), tail) if 0 <= number(head) < _MOST_SHOWN else (reading.SHOWN, rest)
    panel.show_history(turn, conversation, reading.history(desk, conversation, limit, reason))


def _queue(turn: Turn, desk: Desk, _words: str) -> None:
    panel.show_queue(turn, desk)


def _transfer(turn: Turn, desk: Desk, words: str) -> None:
    key, _, whom = words.partition(" ")
    conversation = desk.named(key) if key else desk.own()
    there = passing.colleagues(desk, conversation)[:_MOST_COLLEAGUES]
    named = {seat.telegram_id: name_of(desk, seat.telegram_id, turn.language) for seat in there}
    wanted = whom.strip().lower()
    found = [who for who, name in named.items() if wanted in {str(who), name.lower()}] if wanted else []
    if number(wanted) >= 0:
        found = [number(wanted)]  # whoever it is: the refusal says why not
    if len(found) == 1:
        passing.transfer(desk, conversation, found[0])
        return
    if not there:
        raise DeskRefusal("desk.no_colleague")
    buttons = tuple(
        (Button(label=name, data=f"desk:transfer:{conversation.id.hex}:{who}"),) for who, name in named.items()
    )
    turn.say("desk.which_colleague", buttons=buttons)


def _escalate(turn: Turn, desk: Desk, words: str) -> None:
    key, _, rest = words.partition(" ")
    if is_key(key):
        conversation, note = desk.own(key), rest
    else:  # a note for the current chat
        conversation, note = desk.own(), words
    passing.escalate(desk, conversation, note)
    turn.say("desk.sent_up", id=short(conversation))


def _note(turn: Turn, desk: Desk, words: str) -> None:
    conversation = desk.own()
    noting.note(desk, conversation, words)
    turn.say("desk.noted", id=short(conversation))


def _canned(turn: Turn, desk: Desk, words: str) -> None:
    if not words:
        panel.show_canned(turn, desk)
        return
    conversation = desk.own()
    turn.say("desk.said", id=short(conversation), text=noting.send_canned(desk, conversation, words))


def _suggest(turn: Turn, desk: Desk, words: str) -> None:
    key, _, place = words.partition(" ")
    conversation = desk.own(key)
    text = noting.send_suggestion(desk, conversation, number(place))
    turn.say("desk.said", id=short(conversation), text=text)


def _desk(turn: Turn, desk: Desk, _words: str) -> None:
    panel.show_overview(turn, desk)


def _watch(turn: Turn, desk: Desk, words: str) -> None:
    conversation = desk.named(words)
    turn.say("desk.watching" if reading.watch(desk, conversation) else "desk.not_watching", id=short(conversation))


def _operators(turn: Turn, desk: Desk, words: str) -> None:
    panel.manage_operators(turn, desk, words, pins.revoke)


def _offer_breaks(turn: Turn, desk: Desk) -> None:
    names = desk.rules.breaks
    buttons = tuple((Button(label=label_of(desk, "break", name), data=f"desk:away:{name}"),) for name in names)
    turn.say("desk.which_break", buttons=buttons)


_ACTS: Mapping[DeskVerb, Callable[[Turn, Desk, str], None]] = {
    DeskVerb.ONLINE: _online,
    DeskVerb.AWAY: _away,
    DeskVerb.LOGOUT: _logout,
    DeskVerb.NEXT: _next,
    DeskVerb.USE: _use,
    DeskVerb.DONE: _done,
    DeskVerb.CODE: _code,
    DeskVerb.HISTORY: _history,
    DeskVerb.QUEUE: _queue,
    DeskVerb.TRANSFER: _transfer,
    DeskVerb.ESCALATE: _escalate,
    DeskVerb.NOTE: _note,
    DeskVerb.CANNED: _canned,
    DeskVerb.SUGGEST: _suggest,
    DeskVerb.DESK: _desk,
    DeskVerb.WATCH: _watch,
    DeskVerb.OPERATORS: _operators,
}
