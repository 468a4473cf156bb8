"""The administrators' office as its use cases see it: the panel in Telegram and the pages of the console call them."""

from dataclasses import dataclass

from database.db import UnitOfWork
from services.access import Permission, allowed
from services.errors import OfficeRefusal
from services.turn import Tools, Turn


@dataclass(frozen=True)
class Office:
    """One transaction in the office; `actor` is the account of the one who acts."""

    uow: UnitOfWork
    tools: Tools
    actor: int

    @staticmethod
    def of(turn: Turn) -> "Office":
        """Return the office as the sender of an update stands in it."""
        return Office(turn.uow, turn.tools, turn.sender.telegram_id)

    def may(self, permission: Permission) -> bool:
        """Return whether the one who acts may do something now."""
        return allowed(self.uow.roles.of(self.actor), permission)

    def require(self, permission: Permission) -> None:
        """Raise OfficeRefusal unless the one who acts may do something."""
        if not self.may(permission):
            raise OfficeRefusal("refused.not_allowed")
