"""The day's budget for language models: what today's answers cost so far, asked of the database now and then."""

from collections.abc import Callable
from logging import getLogger
from time import monotonic

from database.db import Database
from services.errors import BudgetSpentError
from services.metrics import BUDGET_REFUSALS

_ASK_EVERY = 10.0  # seconds; meanwhile only what this process spends is added

_log = getLogger(__name__)


class DailyBudget:
    """Lets calls through until a day's answers cost `limit` micro-units; 0 is no limit, and asks nothing.

    Days are UTC's, by the database's clock. Other processes' answers are seen within ten seconds of their commit, so
    that is by how much the limit may be overrun.
    """

    def __init__(self, database: Database, limit: int, clock: Callable[[], float] = monotonic) -> None:
        self._database = database
        self._limit = limit
        self._clock = clock
        self._asked_at = float("-inf")
        self._spent = 0
        self._told = False

    def check(self) -> None:
        """Raise BudgetSpentError when the day's money is spent."""
        if not self._limit:
            return
        if self._clock() - self._asked_at >= _ASK_EVERY:
            self._asked_at = self._clock()
            with self._database.reading() as uow:
                self._spent = uow.answers.spent_today()
        if self._spent < self._limit:
            self._told = False
            return
        BUDGET_REFUSALS.inc()
        if not self._told:
            self._told = True
            _log.warning("the day's budget for models is spent, quoting until midnight (UTC)")
        raise BudgetSpentError("the day's budget is spent")

    def add(self, cost: int) -> None:
        """Count what was just spent, until the database is asked again."""
        self._spent += cost
