"""The section of the staff: who holds what, roles given and taken, requests of other administrators, PINs."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape, unescape

from database.models import RequestState, RoleRequest
from services.access import Permission, allowed
from services.administration import granting, issuing, roster
from services.administration.office import Office
from services.administration.people import account
from services.administration.roster import Held, Member
from services.administration.screen import OPEN, Screen, Section, data, labelled, mark, pager, require_fresh
from services.errors import OfficeRefusal
from services.outbound import Buttons
from services.turn import Turn

PIN_SECONDS = 60.0  # for which a PIN stands in the chat
_KEY = "staff"
_SIZE = 8  # people on a page
_DECISIONS = (("approve", "yes"), ("decline", "no"))
_QUESTIONS = {"give": "admin.staff.sure_give", "take": "admin.staff.sure_take", "pin": "admin.staff.sure_pin"}
_CARD, _REQUEST = "@", "#"  # begin the argument of a card and of a request


def open_staff(turn: Turn, page: int, argument: str) -> Screen:
    """Show the list, a card (`@<account>`, or an account that was typed), or a request (`#<number>`)."""
    office = Office.of(turn)
    office.require(Permission.SEE_STAFF)
    if argument.startswith(_REQUEST):
        return _request(turn, office, argument)
    if argument:
        return _card(turn, roster.member(office, _account(argument)))
    members, waiting = roster.staff(office), office.uow.role_requests.pending()
    shown = members[page * _SIZE : (page + 1) * _SIZE]
    lines = [f"• {_name(each)}: {_roles(turn, each)}" for each in shown]
    reviewed = roster.reviewed_at(turn.uow)
    when = f"{reviewed:%Y-%m-%d}" if reviewed else turn.text("system.never")
    html = "\n".join((turn.text("admin.staff.list"), *lines, "", turn.text("admin.staff.hint", reviewed=when)))
    asked = tuple(labelled(_label(turn, each), _KEY, OPEN, 0, f"{_REQUEST}{each.id}") for each in waiting)
    cards = tuple(labelled(unescape(_name(each)), _KEY, OPEN, 0, f"{_CARD}{each.telegram_id}") for each in shown)
    pages = pager(turn, _KEY, (page, ""), more=len(members) > (page + 1) * _SIZE)
    return Screen(html, (*asked, *cards, *pages, (turn.button("admin.staff.review", data(_KEY, "review")),)), page)


def _card(turn: Turn, member: Member) -> Screen:
    there, has = f"{_CARD}{member.telegram_id}", [each.role for each in member.held]
    lines = [_line(turn, each) for each in member.held] or [turn.text("admin.staff.none")]
    html = "\n".join((turn.text("admin.staff.card", name=member.name or "—", id=member.telegram_id), *lines))
    buttons: list[Buttons] = []
    for role in granting.GIVEN:
        act, sign = ("take", "✖") if role in has else ("give", "➕")
        label = f"{sign} {unescape(turn.text(f'role.{role}'))}"
        buttons.append((labelled(label, _KEY, "sure", there, act, role, mark(sorted(has))),))
    if allowed(has, Permission.TAKE_CHATS):
        buttons.append(((turn.button("admin.staff.pin", data(_KEY, "sure", there, "pin", "", mark(sorted(has)))),),))
    back: Buttons = ((turn.button("admin.staff.all", data(_KEY)),),)
    return Screen(html, sum(buttons, ()) + back, 0, there)


def _request(turn: Turn, office: Office, argument: str) -> Screen:
    request = office.uow.role_requests.get(account(argument[1:]) or 0)
    if request is None:
        raise OfficeRefusal("admin.staff.decided")
    role = turn.text(f"role.{request.role}")
    html = turn.text("admin.staff.asks", who=request.asked_by, id=request.telegram_id, role=role)
    html += "\n" + turn.text(f"admin.staff.state.{request.state}")
    yes, no = (turn.button(f"admin.staff.{key}", data(_KEY, act, argument)) for key, act in _DECISIONS)
    back = (turn.button("admin.staff.all", data(_KEY)),)
    return Screen(html, ((yes, no), back) if request.state == RequestState.PENDING else (back,), 0, argument)


def _sure(turn: Turn, arguments: Sequence[str]) -> Screen:
    """Ask once more before a role is given or taken, or a PIN issued."""
    there, act, role, seen = _parts(arguments)
    telegram_id = _account(there)
    _fresh(turn, telegram_id, seen)
    named = turn.text(f"role.{role}") if role in granting.GIVEN else ""
    html = turn.text(_QUESTIONS.get(act, "button.stale"), role=named, id=telegram_id)
    yes = turn.button("admin.staff.yes", data(_KEY, act, there, role, seen))
    return Screen(html, ((yes,), (turn.button("admin.cancel", data(_KEY, OPEN, 0, there)),)), 0, there)


def _give(turn: Turn, arguments: Sequence[str]) -> Screen:
    there, role, seen, _ = _parts(arguments)
    _fresh(turn, _account(there), seen)
    request = granting.grant(Office.of(turn), _account(there), role)
    return _told(turn, there, "admin.staff.given" if request is None else "admin.staff.asked")


def _take(turn: Turn, arguments: Sequence[str]) -> Screen:
    there, role, seen, _ = _parts(arguments)
    _fresh(turn, _account(there), seen)
    granting.revoke(Office.of(turn), _account(there), role)
    if Office.of(turn).may(Permission.SEE_STAFF):
        return _told(turn, there, "admin.staff.taken")
    return Screen(turn.text("admin.staff.not_yours"))  # one's own right to be here


def _decide(*, approve: bool) -> Callable[[Turn, Sequence[str]], Screen]:
    def decide(turn: Turn, arguments: Sequence[str]) -> Screen:
        there = "".join(arguments[:1])
        granting.decide(Office.of(turn), account(there[1:]) or 0, approve=approve)
        return _told(turn, "", "admin.staff.approved" if approve else "admin.staff.declined")

    return decide


def _pin(turn: Turn, arguments: Sequence[str]) -> Screen:
    """Show a new PIN for a minute, in the place of the screen whose button was pressed."""
    there, _, seen, _ = _parts(arguments)
    _fresh(turn, _account(there), seen)
    pin = issuing.issue(Office.of(turn), _account(there))
    return Screen(turn.text("admin.staff.new_pin", pin=pin, id=_account(there)), argument=there, seconds=PIN_SECONDS)


def _review(turn: Turn, _arguments: Sequence[str]) -> Screen:
    """Show the whole roster, and keep that somebody went through it."""
    held = roster.review(Office.of(turn))
    lines = [f"<code>{each.telegram_id}</code> {_line(turn, each)}" for each in held]
    return Screen(
        "\n".join((turn.text("admin.staff.reviewed"), *lines)), ((turn.button("admin.staff.all", data(_KEY)),),)
    )


def _told(turn: Turn, there: str, key: str) -> Screen:
    return replace(open_staff(turn, 0, there), notice=turn.text(key))


def _fresh(turn: Turn, telegram_id: int, seen: str) -> None:
    """Raise OfficeRefusal if somebody's roles are not those that a screen showed."""
    require_fresh(seen, sorted(turn.uow.roles.of(telegram_id)))


def _parts(arguments: Sequence[str]) -> tuple[str, str, str, str]:
    """Return four arguments of a button; those that it does not have are empty."""
    there, first, second, third = (*arguments, "", "", "", "")[:4]
    return there, first, second, third


def _account(argument: str) -> int:
    """Return whom an argument means; one that nobody can have is refused as such."""
    return account(argument.removeprefix(_CARD)) or 0


def _name(each: Member) -> str:
    return escape(f"{each.name} · {each.telegram_id}")


def _roles(turn: Turn, each: Member) -> str:
    return ", ".join(turn.text(f"role.{held.role}") for held in each.held if held.role in granting.GIVEN)


def _label(turn: Turn, request: RoleRequest) -> str:
    return f"⏳ {request.telegram_id} → {unescape(turn.text(f'role.{request.role}'))}"


def _line(turn: Turn, held: Held) -> str:
    role = turn.text(f"role.{held.role}") if held.role in granting.GIVEN else escape(held.role)
    by = turn.text("admin.staff.by_command") if held.given_by is None else str(held.given_by)
    line = turn.text("admin.staff.held", role=unescape(role), since=f"{held.since:%Y-%m-%d}", by=unescape(by))
    if held.approved_by is not None:
        line += ", " + turn.text("admin.staff.approved_by", who=held.approved_by)
    last = f"{held.last_act:%Y-%m-%d}" if held.last_act else "—"
    return f"• {line}, {turn.text('admin.staff.last', at=last)}" + (" 🔑" if held.has_pin else "")


SECTION = Section(
    _KEY,
    "admin.staff",
    Permission.ADMINISTER,
    open_staff,
    {
        "sure": _sure,
        "give": _give,
        "take": _take,
        "pin": _pin,
        "yes": _decide(approve=True),
        "no": _decide(approve=False),
        "review": _review,
    },
)
