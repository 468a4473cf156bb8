"""An office in the browser: the HTTP front over staff, customers and what they did, and the way to its pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page

from benchmarks.installation import System
from database.db import Database
from database.models import AuditAct, Step, Tier
from deploy.servers.redis import start_redis
from tests.browser.front import STAFF, front, staffed
from tests.database.people import person

SECOND, NEW = 9013, 9055
ANNA = 501122  # her phone ends in 11-22
TAKEN = 60  # chats that the audit log tells of


@pytest.fixture(scope="session")
def front_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Start the HTTP front over a database with customers, for all tests of a worker process."""
    folder: Path = tmp_path_factory.mktemp("office")
    with start_redis(folder, append_only=False) as redis, front(folder, redis.url, _filled) as system:
        yield system


@pytest.fixture
def office(front_office: System) -> System:
    """Let each test begin with the same staff, whatever the one before has done."""
    staffed(front_office, STAFF)
    return front_office


def _filled(database: Database) -> None:
    with database.unit_of_work() as uow:
        for account in (ANNA, *range(600_000, 600_030)):
            user = person(uow, account)
            user.step, user.language = Step.DONE, "ru" if account == ANNA else "en"
            uow.users.set_profile(user, "Анна Петрова" if account == ANNA else "John Smith")
            uow.users.set_phone(user, f"+7912{account:07}", Tier.CONFIRMED if account == ANNA else Tier.TYPED)
        for number in range(TAKEN):
            uow.audit.record(AuditAct.CHAT_TAKEN, actor=9002, subject=f"conversation:{number}", waited=number)


async def found(page: Page, words: str) -> None:
    await page.get_by_test_id("find-words").fill(words)
    await page.get_by_test_id("find").click()
