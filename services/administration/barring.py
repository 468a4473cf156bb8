"""Barring: a customer whom the bank does not serve here any more, and letting them in again."""

from database.models import AuditAct, User
from services.access import Permission
from services.administration.office import Office
from services.desk import ending
from services.errors import OfficeRefusal


def bar(office: Office, telegram_id: int) -> None:
    """Bar somebody who is none of the staff: their chat ends, and they are told once; raises OfficeRefusal."""
    user = _held(office, telegram_id, barred=False)
    if office.uow.roles.of(telegram_id):
        raise OfficeRefusal("admin.users.is_staff")
    office.uow.users.bar(user, barred=True)
    _end_chat(office, user)
    _record(office, AuditAct.PERSON_BARRED, telegram_id, barred=True)


def let_in(office: Office, telegram_id: int) -> None:
    """Let somebody in again; raises OfficeRefusal."""
    office.uow.users.bar(_held(office, telegram_id, barred=True), barred=False)
    _record(office, AuditAct.PERSON_LET_IN, telegram_id, barred=False)


def _held(office: Office, telegram_id: int, *, barred: bool) -> User:
    """Return somebody's row, locked, if it is as the one who acts has seen it."""
    office.require(Permission.BAR_PEOPLE)
    office.uow.roles.lock()  # nobody becomes one of the staff meanwhile
    found = office.uow.users.hold([telegram_id])
    if not found:
        raise OfficeRefusal("admin.users.nobody")
    if (found[0].barred_at is not None) != barred:
        raise OfficeRefusal("admin.changed")
    return found[0]


def _end_chat(office: Office, user: User) -> None:
    conversation = office.uow.conversations.open_for(user.telegram_id)
    if conversation is None:
        return
    desk = office.desk()
    ending.close(desk, desk.locked(conversation.id), told="refused.barred", told_staff="admin.users.end_barred")
    user.barred_told = True


def _record(office: Office, act: AuditAct, telegram_id: int, *, barred: bool) -> None:
    subject = f"account:{telegram_id}"
    office.uow.audit.record(act, actor=office.actor, subject=subject, before=not barred, after=barred)
