"""The entrance to the desk: who may do what there, and whether a PIN keeps it shut to them."""

from database.db import UnitOfWork
from services.access import Permission, allowed
from services.policy import DeskRules


def access(uow: UnitOfWork, rules: DeskRules, permission: Permission, telegram_id: int) -> tuple[bool, bool]:
    """Return whether somebody's roles carry a permission, and whether no PIN keeps the desk shut to them.

    Who has a PIN, or needs one by the bank's rules, has to be signed in with it.
    """
    roles, has_pin, signed_in = uow.operators.access(telegram_id)
    return allowed(roles, permission), signed_in or not (has_pin or rules.pin_required)
