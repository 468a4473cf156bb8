"""Granting and revoking roles: what one administrator does, what needs a second one, and that one always is left."""

from datetime import timedelta

from database.db import UnitOfWork
from database.models import AuditAct, RequestState, RoleRequest
from services.access import Permission, Role, allowed
from services.administration.office import Office
from services.administration.screen import data
from services.desk import pins
from services.errors import OfficeRefusal
from services.outbound import Button, Outbound

# What one administrator gives to others (features.md, S3).
ALONE = frozenset({Role.MODERATOR, Role.EDITOR, Role.TESTER})
GIVEN = tuple(role for role in Role if role is not Role.CUSTOMER)
GOOD_FOR = timedelta(days=7)  # how long a request waits


def grant(office: Office, telegram_id: int, role: str) -> RoleRequest | None:
    """Give a role, or ask the other administrators to where it takes two; returns what was asked.

    It takes two for every role above moderator, and for any role for oneself. Raises OfficeRefusal.
    """
    _begin(office)
    if telegram_id <= 0 or role not in GIVEN:
        raise OfficeRefusal("admin.staff.unknown")
    _require_fit(office, telegram_id, role)
    if role in ALONE and telegram_id != office.actor:
        _give(office, telegram_id, role, asked_by=office.actor)
        return None
    others = office.administrators() - {office.actor, telegram_id}
    if not others:
        raise OfficeRefusal("admin.staff.nobody_to_ask", role=role, id=telegram_id)
    _forget_old(office)
    request = office.uow.role_requests.ask(telegram_id, role, office.actor)
    if request is None:
        raise OfficeRefusal("admin.staff.asked_already")
    _record(office, AuditAct.ROLE_ASKED_FOR, telegram_id, role, request=request.id)
    for other in sorted(others):
        _ask(office, other, request)
    return request


def decide(office: Office, request_id: int, *, approve: bool) -> RoleRequest:
    """Give a role that another administrator asked for, or decline; who asked may only take it back.

    Raises OfficeRefusal.
    """
    _begin(office)
    request = office.uow.role_requests.get(request_id)
    if request is None or request.state != RequestState.PENDING:
        raise OfficeRefusal("admin.staff.decided")
    if approve:
        _require_second(office, request)
        _require_fit(office, request.telegram_id, request.role)
        _give(office, request.telegram_id, request.role, asked_by=request.asked_by, request=request.id)
    else:
        _record(office, AuditAct.ROLE_DECLINED, request.telegram_id, request.role, request=request.id)
    office.uow.role_requests.decide(request, RequestState.APPROVED if approve else RequestState.DECLINED, office.actor)
    if office.actor != request.asked_by:
        key = "admin.staff.was_approved" if approve else "admin.staff.was_declined"
        _tell(office, request.asked_by, key, request.role, request.telegram_id)
    return request


def revoke(office: Office, telegram_id: int, role: str) -> None:
    """Take a role away, at once everywhere: chats go back to the queue, PIN and sessions end; raises OfficeRefusal."""
    _begin(office)
    before = office.uow.roles.of(telegram_id)
    if role not in before:
        raise OfficeRefusal("admin.changed")
    require_one_left(office.administrators(), telegram_id, role)
    office.uow.roles.revoke(telegram_id, role)
    after = before - {role}
    if _lost(Permission.TAKE_CHATS, before, after):
        pins.sign_out(office.desk(), telegram_id)
    shut_out(office.uow, telegram_id, before, after)
    _record(office, AuditAct.ROLE_REVOKED, telegram_id, role, **_change(before, after))


def shut_out(uow: UnitOfWork, telegram_id: int, before: frozenset[str], after: frozenset[str]) -> None:
    """End what roles opened that somebody has no longer: their PIN and its session, and sessions in the console."""
    if _lost(Permission.TAKE_CHATS, before, after):
        uow.operators.shut_out(telegram_id)
    if not after:
        uow.console.end_sessions(telegram_id)


def require_one_left(administrators: set[int], telegram_id: int, role: str) -> None:
    """Raise OfficeRefusal if the last administrator would go."""
    if role == Role.ADMIN and administrators <= {telegram_id}:
        raise OfficeRefusal("admin.staff.last_admin")


def is_old(office: Office, request: RoleRequest) -> bool:
    """Return whether a request has waited too long to be approved."""
    return office.uow.now() - request.created_at > GOOD_FOR


def _lost(permission: Permission, before: frozenset[str], after: frozenset[str]) -> bool:
    return allowed(before, permission) and not allowed(after, permission)


def _begin(office: Office) -> None:
    office.uow.roles.lock()  # before roles are asked for: two administrators may be removing each other
    office.require(Permission.ADMINISTER)


def _require_fit(office: Office, telegram_id: int, role: str) -> None:
    if role in office.uow.roles.of(telegram_id):
        raise OfficeRefusal("admin.staff.has_it")
    user = office.uow.users.get(telegram_id)
    if user is not None and user.barred_at is not None:
        raise OfficeRefusal("admin.staff.is_barred")


def _require_second(office: Office, request: RoleRequest) -> None:
    if office.actor == request.asked_by:
        raise OfficeRefusal("admin.staff.own_request")
    if office.actor == request.telegram_id:
        raise OfficeRefusal("admin.staff.about_you")
    if is_old(office, request):
        raise OfficeRefusal("admin.staff.too_old")
    if request.asked_by not in office.administrators():
        raise OfficeRefusal("admin.staff.asker_gone")


def _give(office: Office, telegram_id: int, role: str, *, asked_by: int, request: int | None = None) -> None:
    before = office.uow.roles.of(telegram_id)
    office.uow.roles.grant(telegram_id, role, asked_by)
    more = {} if request is None else {"request": request, "asked_by": asked_by}
    _record(office, AuditAct.ROLE_GRANTED, telegram_id, role, **_change(before, before | {role}), **more)
    if telegram_id != office.actor and office.uow.users.get(telegram_id):
        _tell(office, telegram_id, "admin.staff.you_are", role, telegram_id)


def _forget_old(office: Office) -> None:
    for request in office.uow.role_requests.pending():
        if is_old(office, request):
            office.uow.role_requests.decide(request, RequestState.DECLINED, None)


def _ask(office: Office, whom: int, request: RoleRequest) -> None:
    words, language = office.tools.words, office.language_of(whom)
    html = words.text(
        language,
        "admin.staff.asks",
        who=office.actor,
        id=request.telegram_id,
        role=words.text(language, f"role.{request.role}"),
    )
    buttons = tuple(
        Button(label=words.text(language, key), data=data("staff", act, f"#{request.id}"))
        for key, act in (("admin.staff.approve", "yes"), ("admin.staff.decline", "no"))
    )
    office.tell(whom, Outbound(html=html, buttons=(buttons,)))


def _tell(office: Office, whom: int, key: str, role: str, telegram_id: int) -> None:
    words, language = office.tools.words, office.language_of(whom)
    html = words.text(language, key, role=words.text(language, f"role.{role}"), id=telegram_id)
    office.tell(whom, Outbound(html=html))


def _change(before: frozenset[str], after: frozenset[str]) -> dict[str, str]:
    return {"before": ",".join(sorted(before)), "after": ",".join(sorted(after))}


def _record(office: Office, act: AuditAct, telegram_id: int, role: str, **details: str | int) -> None:
    office.uow.audit.record(act, actor=office.actor, subject=f"account:{telegram_id}", role=role, **details)
