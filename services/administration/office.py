"""The administrators' office as its use cases see it: the panel in Telegram and the pages of the console call them."""

from dataclasses import dataclass

from database.db import UnitOfWork
from database.models import Author
from services.access import Permission, allowed
from services.desk.desk import Desk
from services.errors import NotPermitted
from services.outbound import Outbound
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

    def desk(self) -> Desk:
        """Return the desk, as the one who acts stands at it."""
        return Desk(self.uow, self.tools, self.actor)

    def language_of(self, telegram_id: int) -> str:
        """Return the language to speak to somebody in."""
        return self.desk().language_of(telegram_id)

    def tell(self, telegram_id: int, message: Outbound) -> None:
        """Tell somebody something in their chat; it leaves after the commit."""
        self.desk().send(telegram_id, message, Author.SYSTEM)

    def administrators(self) -> set[int]:
        """Return who administers the bot."""
        return {who for who, held in self.uow.roles.all().items() if allowed(held, Permission.ADMINISTER)}

    def may(self, permission: Permission) -> bool:
        """Return whether the one who acts may do something now."""
        return allowed(self.uow.roles.of(self.actor), permission)

    def require(self, permission: Permission) -> None:
        """Raise NotPermitted unless the one who acts may do something; whoever catches that writes it down."""
        if not self.may(permission):
            raise NotPermitted(permission.value)
