"""The assistant's switch: off, it says nothing more to anybody, and questions go to people."""

from database.db import UnitOfWork
from database.models import AuditAct
from services.access import Permission, allowed
from services.errors import NotPermitted


def switch(uow: UnitOfWork, by: int, *, on: bool) -> bool:
    """Turn it on or off at once: answers under way are checked against it before they leave.

    Returns whether that changed anything. Raises NotPermitted.
    """
    if not allowed(uow.roles.of(by), Permission.ADMINISTER):
        raise NotPermitted(Permission.ADMINISTER.value)
    before = uow.roles.ai_enabled()
    if before == on:
        return False
    uow.roles.switch_ai(enabled=on)
    uow.audit.record(AuditAct.AI_SWITCHED, actor=by, before=before, after=on)
    return True
