"""Attempts at an update: stale ones are refused, failed ones come again and die at last."""

import pytest

from database.db import Database
from database.errors import StaleLease
from database.models import InboxState
from database.queries.inbox import MAX_ATTEMPTS
from tests.database.incoming import accept, claim, new, row
from tests.database.threads import let_time_pass


def test_a_dead_workers_updates_are_claimed_again_and_its_own_end_is_refused(database: Database) -> None:
    accept(database, new(1))
    [dead] = claim(database, 1)
    assert claim(database, 1) == []
    let_time_pass(database)
    [heir] = claim(database, 1)
    assert heir.attempt == dead.attempt + 1
    for late in ("finish", "release"):
        with pytest.raises(StaleLease), database.unit_of_work() as uow:
            getattr(uow.inbox, late)([dead])
    with pytest.raises(StaleLease), database.unit_of_work() as uow:
        uow.inbox.retry(dead, "Late")
    with database.unit_of_work() as uow:
        uow.inbox.finish([heir])
    assert row(database, 1).state == InboxState.DONE


def test_one_stale_claim_undoes_the_whole_transaction(database: Database) -> None:
    accept(database, new(1), new(2))
    first, second = claim(database, 1)
    with database.unit_of_work() as uow:
        uow.inbox.finish([second])
    with pytest.raises(StaleLease), database.unit_of_work() as uow:
        uow.inbox.finish([first, second])
    assert row(database, 1).state == InboxState.CLAIMED


def test_a_finished_updates_body_is_gone(database: Database) -> None:
    accept(database, new(1, body="My cat is called Barsik"))
    [claimed] = claim(database, 1)
    with database.unit_of_work() as uow:
        assert uow.inbox.opened(claimed) == "My cat is called Barsik"
        uow.inbox.finish([claimed])
    assert row(database, 1).body is None


def test_a_released_update_was_never_attempted(database: Database) -> None:
    accept(database, new(1))
    for _ in range(MAX_ATTEMPTS + 2):
        claimed = claim(database, 1)
        assert [item.attempt for item in claimed] == [1]
        with database.unit_of_work() as uow:
            uow.inbox.release(claimed)


def test_a_failing_update_is_retried_with_growing_pauses_and_then_dead_until_revived(database: Database) -> None:
    accept(database, new(1, body="kept"), new(2))
    pauses: list[float] = []
    for attempt in range(1, MAX_ATTEMPTS + 1):
        first, second = claim(database, 1)
        assert first.attempt == attempt
        with database.unit_of_work() as uow:
            uow.inbox.release([second])
            died = uow.inbox.retry(first, "Broken")
            assert died == (attempt == MAX_ATTEMPTS)
            if not died:
                now = uow.now()
        if not died:
            not_before = row(database, 1).not_before
            assert not_before is not None
            pauses.append((not_before - now).total_seconds())
            assert claim(database, 1) == [], "what came later stays behind it"
            let_time_pass(database)
    assert [round(pause) for pause in pauses] == [2, 4, 8, 16, 32, 60, 60]
    assert [item.update_id for item in claim(database, 1)] == [2]
    with database.unit_of_work() as uow:
        assert uow.inbox.counts() == {"dead": 1, "claimed": 1}
        assert uow.dead_letters.revive(limit=10).updates == 1
    let_time_pass(database)
    revived = claim(database, 1)[0]
    assert (revived.update_id, revived.attempt) == (1, 1)
    with database.reading() as uow:
        assert uow.inbox.opened(revived) == "kept"
