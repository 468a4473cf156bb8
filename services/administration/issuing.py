"""Issuing PINs: an operator's new one, which is shown once and kept as a hash."""

from database.models import AuditAct
from services.access import Permission, allowed
from services.administration.office import Office
from services.desk import pins
from services.errors import OfficeRefusal


def issue(office: Office, telegram_id: int) -> str:
    """Return a new PIN for somebody who takes chats; the one before and its session end. Raises OfficeRefusal."""
    office.uow.roles.lock()
    office.require(Permission.ADMINISTER)
    if not allowed(office.uow.roles.of(telegram_id), Permission.TAKE_CHATS):
        raise OfficeRefusal("admin.staff.no_chats")
    unused = office.uow.operators.unbound()
    pin = next(new for new in iter(pins.new_pin, "") if not any(pins.fits(row.pin_hash, new) for row in unused))
    operator = office.uow.operators.ensure(telegram_id)
    pins.sign_out(office.desk(), telegram_id)
    operator.pin_hash = pins.hashed(pin)
    office.uow.audit.record(AuditAct.PIN_ISSUED, actor=office.actor, subject=f"operator:{operator.id}")
    return pin
