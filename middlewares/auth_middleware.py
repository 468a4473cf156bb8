"""Role-based access: lets a privileged act through only for those whose roles carry its permission."""

from collections.abc import Sequence
from logging import getLogger

from middlewares.chain import Incoming
from services.access import allowed
from services.jobs import Refusal
from services.ports import Roles
from utils.tracing import fail

_log = getLogger(__name__)


class Authorise:
    """Asks for roles only where an act needs more than a customer's permission."""

    def __init__(self, roles: Roles) -> None:
        self._roles = roles

    def __call__(self, batch: Sequence[Incoming]) -> None:
        """Refuse privileged acts of those who may not, and all of them while roles cannot be read.

        Customers who write at that moment are none of it: what the chain refuses is kept refused once it is committed.
        """
        privileged = [incoming for incoming in batch if incoming.privileged]
        try:
            for incoming in privileged:
                if not allowed(self._roles.roles_of(incoming.sender.telegram_id), incoming.permission):
                    incoming.refuse(Refusal.NOT_ALLOWED)
        except Exception as error:  # noqa: BLE001 - fail closed, whatever it was
            fail(error)
            _log.exception("roles cannot be read")
            for incoming in privileged:
                incoming.refuse(Refusal.UNAVAILABLE)
