"""What people do is in the audit log: who, what, to which of our rows, before and after; and nothing personal."""

import json
from typing import Any
from uuid import UUID

import pytest

from database.db import Database
from database.models import AuditAct, Step, User
from database.queries.audit import Wanted
from services.access import Role
from services.audit.configuration import record_configuration
from services.audit.export import exported
from services.broadcast.jobs import AtBroadcast, BroadcastVerb, OpenBroadcast
from services.jobs import (
    AskForPerson,
    Consent,
    Refusal,
    Refused,
    ShareContact,
    SwitchAi,
    TakeChat,
)
from services.knowledge.lifecycle import Dates
from tests.services.bank import ADMIN, MODERATOR, POLICY, Bank
from tests.services.door import STAFF, Door
from tests.services.room import CARDS, EDITOR, FEE, SUPERVISOR, Room

Told = tuple[str, int | None, dict[str, Any]]


@pytest.fixture
def bank(database: Database) -> Bank:
    bank = Bank(database)
    bank.grant(MODERATOR, Role.MODERATOR)
    bank.grant(ADMIN, Role.ADMIN)
    return bank


def acts(database: Database, kind: str = "") -> list[Told]:
    """Return what was recorded, in its order: act, account, details."""
    events = exported(database, Wanted(act=kind or None))
    return [(event.act, event.actor, json.loads(event.details)) for event in events]


def test_a_customer_agrees_and_registers(bank: Bank) -> None:
    user = bank.does(ShareContact(phone="+79120001122", owner_id=1))
    assert user
    with bank.database.unit_of_work() as uow:
        row = uow.users.get(1)
        assert isinstance(row, User)
        row.step, row.language = Step.CONSENT, "en"
    version = POLICY.consent_version
    bank.does(Consent(version=version, given=False))
    bank.does(Consent(version=version, given=True))
    bank.does(ShareContact(phone="+79120001122", owner_id=1))
    assert acts(bank.database) == [
        ("consent_declined", 1, {"version": version}),
        ("consent_given", 1, {"version": version, "language": "en"}),
        ("registered", 1, {"tier": "confirmed"}),
    ]


def test_a_moderator_takes_a_chat_and_reads_it(bank: Bank) -> None:
    bank.register(1)
    bank.asks("My secret is 42")
    bank.does(AskForPerson())
    conversation = bank.conversation().id
    bank.does(TakeChat(conversation_id=conversation), MODERATOR)
    events = list(exported(bank.database, Wanted(actor=MODERATOR)))
    assert {(event.act, event.subject) for event in events} == {
        ("chat_taken", f"conversation:{conversation}"),
        ("dialog_read", f"conversation:{conversation}"),
    }


def test_an_administrator_stops_the_ai(bank: Bank) -> None:
    for on in (False, True):
        bank.does(SwitchAi(on=on), ADMIN)
    assert acts(bank.database) == [
        ("ai_switched", ADMIN, {"before": True, "after": False}),
        ("ai_switched", ADMIN, {"before": False, "after": True}),
    ]


def test_a_broadcast_is_drafted_sent_and_dropped(bank: Bank) -> None:
    bank.register(1, 2)
    for act in (BroadcastVerb.SEND, BroadcastVerb.CANCEL):
        bank.does(OpenBroadcast(text="A secret offer"), MODERATOR)
        with bank.database.reading() as uow:
            drafted = uow.audit.latest(AuditAct.BROADCAST_DRAFTED)
        assert drafted
        broadcast_id = UUID(drafted.subject.removeprefix("broadcast:"))
        bank.does(AtBroadcast(act=act, broadcast_id=broadcast_id), MODERATOR)
    told = [one for one in acts(bank.database) if one[0].startswith("broadcast")]
    assert [(act, actor) for act, actor, _ in told] == [
        ("broadcast_drafted", MODERATOR),
        ("broadcast_started", MODERATOR),
        ("broadcast_drafted", MODERATOR),
        ("broadcast_cancelled", MODERATOR),
    ]
    assert told[1][2]["recipients"] > 0


@pytest.mark.parametrize(("job", "what"), [(SwitchAi(on=False), "administer"), (OpenBroadcast(text="x"), "broadcast")])
def test_a_refusal_is_an_act_too(bank: Bank, job: SwitchAi | OpenBroadcast, what: str) -> None:
    bank.does(job, 1)
    bank.does(Refused(reason=Refusal.NOT_ALLOWED, what=what), 1)
    bank.does(Refused(reason=Refusal.TOO_FAST, seconds=1), 1)
    assert acts(bank.database) == [
        ("refused", 1, {"what": what, "at": "worker"}),
        ("refused", 1, {"what": what, "at": "front"}),
    ]


def test_ways_into_the_console_are_told_apart(database: Database) -> None:
    door = Door(database)
    code = door.code()
    door.wrong(2)
    token = door.open(code)
    assert token
    door.sign_in.end(token)
    door.sign_in.end(token)
    door.code()
    door.wrong(5)
    assert [(act, actor) for act, actor, _ in acts(database)] == [
        *[("sign_in_failed", STAFF)] * 2,
        ("signed_in", STAFF),
        ("signed_out", STAFF),
        *[("sign_in_failed", STAFF)] * 5,
    ]


def test_the_life_of_a_document_is_told(database: Database) -> None:
    room = Room(database)
    rejected = room.uploads(CARDS)
    room.editing.reject(rejected, SUPERVISOR, "no")
    first = room.uploads({**CARDS, FEE: "Free."})
    room.approves(first)
    room.editing.schedule(first, SUPERVISOR, Dates())
    second = room.uploads({**CARDS, FEE: "9 a month."})
    room.approves(second)
    room.editing.roll_back("cards", "en", SUPERVISOR)
    room.editing.retire("cards", "en", SUPERVISOR)
    told = [(event.act, event.actor, event.subject) for event in exported(database, Wanted())]
    assert told == [
        ("knowledge_uploaded", EDITOR, f"knowledge:{rejected}"),
        ("knowledge_rejected", SUPERVISOR, f"knowledge:{rejected}"),
        ("knowledge_uploaded", EDITOR, f"knowledge:{first}"),
        ("knowledge_approved", SUPERVISOR, f"knowledge:{first}"),
        ("knowledge_scheduled", SUPERVISOR, f"knowledge:{first}"),
        ("knowledge_uploaded", EDITOR, f"knowledge:{second}"),
        ("knowledge_approved", SUPERVISOR, f"knowledge:{second}"),
        ("knowledge_rolled_back", SUPERVISOR, f"knowledge:{second}"),
        ("knowledge_retired", SUPERVISOR, f"knowledge:{first}"),
    ]


def test_a_start_with_other_settings_is_told_with_what_was_before(database: Database) -> None:
    facts = {"prompt": "3", "model_openai": "m-1", "settings_conversation": "ab12"}
    assert record_configuration(database, facts)
    assert not record_configuration(database, facts)
    assert record_configuration(database, {**facts, "prompt": "4", "model_openai": "m-2"})
    [_, (_, actor, said)] = acts(database, AuditAct.SETTINGS_CHANGED)
    assert (actor, said["changed"], said["before"]) == (None, "model_openai,prompt", "model_openai=m-1,prompt=3")
    assert (said["prompt"], said["settings_conversation"]) == ("4", "ab12")


def test_nothing_that_people_wrote_is_in_the_log(bank: Bank) -> None:
    test_a_moderator_takes_a_chat_and_reads_it(bank)
    test_a_broadcast_is_drafted_sent_and_dropped(bank)
    told = "".join(f"{event.subject}{event.details}" for event in exported(bank.database, Wanted()))
    assert "secret" not in told
    assert "7912" not in told
