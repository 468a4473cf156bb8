"""Reading the audit log: by those who may, page by page, and each search is an act itself."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from database.db import Database
from database.models import AuditAct, AuditEvent
from database.queries.audit import Wanted
from handlers.console.audit_search import Search
from services.access import Role
from services.audit.export import exported, fields_of
from services.audit.reading import PAGE, Page, Reading

AUDITOR, ADMIN, EDITOR = 1, 2, 3
ALL = Wanted()


@pytest.fixture
def reading(database: Database) -> Reading:
    with database.unit_of_work() as uow:
        for account, role in ((AUDITOR, Role.AUDITOR), (ADMIN, Role.ADMIN), (EDITOR, Role.EDITOR)):
            uow.roles.grant(account, role, None)
    return Reading(database)


def done(database: Database, number: int, act: AuditAct = AuditAct.SIGNED_IN) -> None:
    with database.unit_of_work() as uow:
        for actor in range(100, 100 + number):
            uow.audit.record(act, actor=actor, subject=f"account:{actor}")


def found(page: Page | None) -> tuple[AuditEvent, ...]:
    assert page is not None
    return page.events


@pytest.mark.parametrize("who", [AUDITOR, ADMIN])
def test_a_search_is_answered_and_written_down_once(database: Database, reading: Reading, who: int) -> None:
    done(database, 3)
    assert len(found(reading.search(who, Wanted(subject="account:101")))) == 1
    [own] = found(reading.search(who, Wanted(act=AuditAct.AUDIT_READ)))
    assert (own.actor, own.subject, json.loads(own.details)) == (
        who,
        "account:101",
        {"fields": "subject", "account": None},
    )


def test_what_was_typed_and_is_no_subject_is_not_kept(database: Database, reading: Reading) -> None:
    assert found(reading.search(AUDITOR, Wanted(subject="+79120001234"))) == ()
    assert "7912" not in "".join(f"{e.subject}{e.details}" for e in exported(database, ALL))


def test_nobody_else_reads_and_the_attempt_is_written_down(reading: Reading) -> None:
    assert reading.search(EDITOR, ALL) is None
    [refused] = found(reading.search(AUDITOR, Wanted(act=AuditAct.REFUSED)))
    assert (refused.actor, json.loads(refused.details)["what"]) == (EDITOR, "read_audit")


def test_pages_follow_each_other_without_gap_or_repetition(database: Database, reading: Reading) -> None:
    done(database, 2 * PAGE + 5)
    seen: list[UUID] = []
    page = reading.search(AUDITOR, Wanted(act=AuditAct.SIGNED_IN))
    while page:
        seen += [event.id for event in page.events]
        page = reading.search(AUDITOR, Wanted(act=AuditAct.SIGNED_IN), page.next) if page.next else None
    assert len(seen) == len(set(seen)) == 2 * PAGE + 5
    assert [event.id for event in exported(database, Wanted(act=AuditAct.SIGNED_IN))] == seen[::-1]
    written = found(reading.search(AUDITOR, Wanted(act=AuditAct.AUDIT_READ)))
    assert ["before" in json.loads(event.details) for event in written] == [True, True, False]


def test_a_page_whose_address_was_typed_is_written_down(reading: Reading) -> None:
    later = (datetime.now(UTC) + timedelta(days=365), UUID(int=0))
    reading.search(AUDITOR, Wanted(subject="account:7"), later)
    [own] = found(reading.search(AUDITOR, Wanted(act=AuditAct.AUDIT_READ)))
    assert json.loads(own.details)["before"] == later[0].isoformat()


def test_filters_narrow_a_search(database: Database, reading: Reading) -> None:
    done(database, 4)
    done(database, 2, AuditAct.SIGNED_OUT)
    now = datetime.now(UTC)
    for wanted, number in (
        (Wanted(act=AuditAct.SIGNED_OUT), 2),
        (Wanted(actor=100), 2),
        (Wanted(actor=100, act=AuditAct.SIGNED_IN), 1),
        (Wanted(actor=103, since=now - timedelta(hours=1), until=now + timedelta(hours=1)), 1),
        (Wanted(actor=103, until=now - timedelta(hours=1)), 0),
        (Wanted(actor=103, since=now + timedelta(hours=1)), 0),
    ):
        assert len(found(reading.search(AUDITOR, wanted))) == number, wanted


def test_an_event_is_told_to_others_as_an_object(database: Database) -> None:
    done(database, 1)
    [event] = exported(database, ALL)
    told = fields_of(event)
    assert (told["act"], told["actor"], told["subject"], told["details"]) == ("signed_in", 100, "account:100", {})
    assert datetime.fromisoformat(str(told["at"])) == event.at


def test_an_address_is_a_search() -> None:
    search = Search.read({"act": "signed_in", "actor": " 7 ", "since": "2026-11-25T10:00", "other": "x", "until": ""})
    assert search.wanted == Wanted("signed_in", 7, None, datetime(2026, 11, 25, 10, tzinfo=UTC), None)
    assert (search.before, search.wrong) == (None, ())
    place = (datetime(2026, 11, 25, 10, 0, 0, 5, tzinfo=UTC), UUID(int=7))
    pairs = dict(pair.split("=") for pair in search.after(place).split("&"))
    again = Search.read({name: value.replace("%3A", ":").replace("%2B", "+") for name, value in pairs.items()})
    assert (again.wanted, again.before) == (search.wanted, place)


@pytest.mark.parametrize(
    ("field", "value"),
    [("actor", "seven"), ("actor", "9" * 16), ("since", "soon"), ("until", "0001-01-01T00:00+14:00")],
)
def test_a_field_that_cannot_be_read_is_named(field: str, value: str) -> None:
    assert Search.read({field: value}).wrong == (field,)
