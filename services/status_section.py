"""The section of the system in the administrators' panel: its state in words, and its dead letters."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from database.queries.dead import DeadKind, DeadLetter
from services import dead_letters, status
from services.access import Permission
from services.administration.screen import OPEN, Screen, Section, data, labelled, pager
from services.dead_letters import Why
from services.errors import OfficeRefusal
from services.outbound import Button
from services.status import QUEUES, SystemState
from services.turn import Turn
from utils.i18n import Html

_KEY = "system"
_DEAD = "dead"
_SIZE = 8  # dead letters on a page
_DIGITS = 18  # of a row's number, which has 63 bits


def open_system(turn: Turn, page: int, argument: str) -> Screen:
    """Show the state, the dead letters, or one of them (`<kind>-<number>`)."""
    if argument == _DEAD:
        return _letters(turn, page)
    return _letter(turn, argument) if argument else _state(turn)


def _replay_all(turn: Turn, _arguments: Sequence[str]) -> Screen:
    revived = dead_letters.replay_all(turn.uow, turn.sender.telegram_id)
    number = revived.updates + revived.questions + revived.messages
    return _state(turn, turn.text("system.replayed", number=number))


def _replay(turn: Turn, arguments: Sequence[str]) -> Screen:
    kind, number = _named("".join(arguments[:1]))
    dead_letters.replay_one(turn.uow, turn.sender.telegram_id, kind, number)
    return _letters(turn, 0, turn.text("system.replayed", number=1))


def _drop(turn: Turn, arguments: Sequence[str]) -> Screen:
    kind, number = _named("".join(arguments[:1]))
    why = next((why for why in Why if why == "".join(arguments[1:2])), None)
    if why is None:
        raise OfficeRefusal("admin.changed")
    dead_letters.drop(turn.uow, turn.sender.telegram_id, kind, number, why)
    return _letters(turn, 0, turn.text("system.dropped"))


def _state(turn: Turn, notice: str = "") -> Screen:
    state = status.look(turn.uow, in_update=True)
    buttons = (turn.button("system.dead", data(_KEY, OPEN, 0, _DEAD)),) if state.dead else ()
    html = "\n\n".join((turn.text("system.panel"), _running(turn, state), _waiting(turn, state), _known(turn, state)))
    return Screen(html, (buttons,) if buttons else (), notice=notice)


def _running(turn: Turn, state: SystemState) -> str:
    lines = [_line(turn, turn.text(f"system.part.{part.part}"), part.number) for part in state.running]
    lines += [
        f"{turn.text(f'system.part.{process.part}')} <code>{escape(process.process)}</code> "
        f"{turn.text('system.silent', seconds=round(process.silent))}"
        for process in state.processes
    ]
    return "\n".join((*lines, _line(turn, turn.text("system.breakers"), ", ".join(state.breakers) or "—")))


def _waiting(turn: Turn, state: SystemState) -> str:
    lines = []
    for name in QUEUES:
        queue = state.backlog[name]
        age = turn.text("system.oldest", seconds=round(queue.oldest)) if queue.waiting else ""
        lines.append(_line(turn, turn.text(f"system.queue.{name}"), f"{queue.waiting} {age}".strip()))
    if state.held.number:
        held = turn.text("system.held_for", number=state.held.number, seconds=round(state.held.longest))
        lines.append(_line(turn, turn.text("system.held"), held))
    stuck = ", ".join(f"{turn.text(f'system.queue.{lease.queue}')}: {round(lease.seconds)}" for lease in state.stuck)
    return "\n".join((*lines, _line(turn, turn.text("system.leases"), stuck or "—")))


def _known(turn: Turn, state: SystemState) -> str:
    indexes = ", ".join(f"{index.language} {index.version}" for index in state.indexes)
    knowledge = ", ".join(f"{version.document} ({version.language}) v{version.number}" for version in state.knowledge)
    checked = _moment(turn, state.tree.checked_at if state.tree else None)
    if state.tree and state.tree.findings:
        checked = f"{checked} {turn.text('system.findings', number=state.tree.findings)}"
    archived = state.archived.verified_at if state.archived else None
    return "\n".join(
        (
            _line(turn, turn.text("system.knowledge"), knowledge or "—"),
            _line(turn, turn.text("system.index"), indexes or "—"),
            _line(turn, turn.text("system.archived"), _moment(turn, archived)),
            _line(turn, turn.text("system.audit_check"), checked),
        )
    )


def _moment(turn: Turn, at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else turn.text("system.never")


def _letters(turn: Turn, page: int, notice: str = "") -> Screen:
    found = dead_letters.listed(turn.uow, turn.sender.telegram_id)
    here = found[page * _SIZE : (page + 1) * _SIZE]
    rows = [labelled(_title(turn, letter), _KEY, OPEN, 0, f"{letter.kind}-{letter.number}") for letter in here]
    every = (turn.button("system.replay_all", data(_KEY, "all", _DEAD)),) if found else ()
    pages = pager(turn, _KEY, (page, _DEAD), more=len(found) > (page + 1) * _SIZE)
    html = turn.text("system.dead" if found else "system.no_dead")
    return Screen(html, (*rows, *((every,) if every else ()), *pages, _back(turn)), page, _DEAD, notice)


def _letter(turn: Turn, name: str) -> Screen:
    kind, number = _named(name)
    found = dead_letters.listed(turn.uow, turn.sender.telegram_id)
    letter = next((one for one in found if (one.kind, one.number) == (kind, number)), None)
    if letter is None:
        raise OfficeRefusal("system.gone")
    tried = turn.text("system.tried", attempts=letter.attempts, reason=letter.reason or "—")
    again = (turn.button("system.replay", data(_KEY, "replay", name)),)
    reasons = [(turn.button(f"system.why.{why}", data(_KEY, "drop", name, why)),) for why in Why]
    html = f"{_title(turn, letter)}\n{letter.since:%Y-%m-%d %H:%M} UTC · {tried}\n\n{turn.text('system.drop_why')}"
    return Screen(html, (again, *reasons, _back(turn)), argument=name)


def _title(turn: Turn, letter: DeadLetter) -> str:
    return f"{turn.text(f'system.dead.{letter.kind}')} {letter.number}"


def _named(name: str) -> tuple[DeadKind, int]:
    """Return what an argument such as `message-7` names; raises OfficeRefusal."""
    kind, _, number = name.partition("-")
    if kind not in list(DeadKind) or not (number.isascii() and number.isdigit() and len(number) <= _DIGITS):
        raise OfficeRefusal("admin.changed")
    return DeadKind(kind), int(number)


def _line(turn: Turn, name: str, value: object) -> str:
    return turn.text("settings.line", name=Html(name), value=value)


def _back(turn: Turn) -> tuple[Button, ...]:
    return (turn.button("system.title", data(_KEY)),)


SECTION = Section(
    _KEY, "system.menu", Permission.READ_STATE, open_system, {"all": _replay_all, "replay": _replay, "drop": _drop}
)
