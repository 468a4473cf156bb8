"""An update that comes while its chat is worked on is not left to the sweep."""

from database.db import Database
from database.models import InboxState
from database.queries.inbox import ClaimedUpdate
from services.intake import Intake
from services.jobs import Say, ShowPrivacy
from tests.services.bank import Bank


class Interrupted(Intake):
    """Meets a new update between its claim and its work, when whoever is woken for it finds the chat taken."""

    bank: Bank
    came: bool = False

    def _advance_chat(self, claims: list[ClaimedUpdate], tried: set[int]) -> None:
        if not self.came:
            self.came = True
            self.bank.accept(Say(text="How much is the card?"))
            self.bank.intake.advance([1])
        super()._advance_chat(claims, tried)


def test_an_update_that_comes_while_its_chat_is_worked_on(database: Database) -> None:
    bank = Bank(database)
    busy = Interrupted(database, bank.tools, bank.limiter)
    busy.bank = bank
    bank.accept(ShowPrivacy())
    busy.advance([1])
    with database.reading() as uow:
        assert uow.inbox.counts() == {InboxState.DONE: 2}
