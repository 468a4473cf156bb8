"""The day's budget: what all processes spent together ends it, midnight begins it anew."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from database.db import Database
from database.models import Answer
from services.budget import DailyBudget
from services.drafts import Draft
from services.errors import BudgetSpentError
from services.usage import Usage
from tests.services.bank import Bank
from tests.services.chaining import GOOD, Setting
from tests.services.modelling import prompt
from tests.twins import TwinModel


def spend(bank: Bank, cost: int) -> None:
    """Let another process answer for some money, on a day that no midnight ends while the test runs."""
    draft = Draft("answer", "Free.", (1,), "m", provider="a", usage=Usage(1, 1, cost))
    other = Bank(bank.database, model=TwinModel(draft))
    other.asks("How much is the card?")
    other.run()
    at(bank.database, timedelta(hours=1))


def at(database: Database, ahead: timedelta) -> None:
    """Let all answers have been made so much later."""
    with database.unit_of_work() as uow:
        own = update(Answer).where(Answer.bot_id == database.bot_id)
        uow.session.execute(own.values(created_at=uow.now() + ahead))


def test_the_budget_is_the_days_and_everybodys(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    bank, setting = Bank(database), Setting(database, limit=4500)
    spend(bank, 2200)
    chain = setting.chain(setting.server(*[GOOD] * 9))
    assert chain.reply(prompt()).usage.cost == 2200, "2200 + 2200 are below the limit"
    spend(bank, 100)
    assert chain.reply(prompt()).usage.cost == 2200, "what others spend is seen within ten seconds"
    for _ in range(3):
        with pytest.raises(BudgetSpentError):
            chain.reply(prompt())
    assert [record.getMessage() for record in caplog.records if "budget" in record.getMessage()] == [
        "the day's budget for models is spent, quoting until midnight (UTC)"
    ]
    at(database, -timedelta(days=1))
    setting.clock.now += 10
    assert chain.reply(prompt()).text == "Free.", "a new day"


def test_without_a_limit_the_database_is_not_asked() -> None:
    class Untouched:
        def reading(self) -> None:
            raise AssertionError("asked")

    budget = DailyBudget(Untouched(), 0)  # type: ignore[arg-type]  # that is the point
    budget.check()
    budget.add(10**12)
    budget.check()
