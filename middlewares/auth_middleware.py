"""Role-based access: lets a privileged act through only for those whose roles carry its permission."""

from collections.abc import Sequence

from middlewares.chain import Incoming
from services.access import allowed
from services.jobs import Refusal
from services.ports import Roles


class Authorise:
    """Asks for roles only where an act needs more than a customer's permission."""

    def __init__(self, roles: Roles) -> None:
        self._roles = roles

    def __call__(self, batch: Sequence[Incoming]) -> None:
        """Refuse privileged acts of those who may not; a failing look-up raises, and the chain then refuses."""
        for incoming in batch:
            if incoming.privileged and not allowed(
                self._roles.roles_of(incoming.sender.telegram_id), incoming.permission
            ):
                incoming.refuse(Refusal.NOT_ALLOWED)
