"""An erasure reaches every table, the storage and the cache; what is left says of nobody whose it was."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from database.db import Database
from database.models import AuditAct, Base, ErasureState
from database.queries.audit import Wanted
from database.queries.personal import OF_A_CUSTOMER
from services.jobs import AskForPerson, TakeChat
from services.privacy_rights.certificate import NotACertificate, check
from services.privacy_rights.outside import Outside
from services.storage import StorageError
from tests.services.bank import MODERATOR
from tests.services.forgetting import CUSTOMER, NAME, OTHER, PHONE, Forgetting
from tests.services.traces import MAY_NAME, certificate_of, everything, stored, traces

# Tables that hold nothing of customers, or nothing but what the law wants kept.
NOT_OF_CUSTOMERS = {
    *("bots", "roles", "operators", "canned_replies", "links", "broadcasts", "desk_events"),
    *("knowledge_versions", "knowledge_chunks", "golden_questions", "knowledge_checks", "index_versions"),
    *("audit_events", "audit_waiting", "audit_leaves", "audit_trees", "data_keys", "legal_holds", "erasures"),
    *("archives", "archived_conversations"),
    *("duties", "scheduled_runs", "presences", "rotations", "role_requests", "setting_versions"),
}


@pytest.fixture
def bank(database: Database, tmp_path: Path) -> Forgetting:
    return Forgetting(database, tmp_path / "objects")


def test_no_table_is_forgotten() -> None:
    reached = {model.__tablename__ for model in OF_A_CUSTOMER}
    assert not reached & NOT_OF_CUSTOMERS
    assert {table.name for table in Base.metadata.sorted_tables} == reached | NOT_OF_CUSTOMERS, "say which it is"


def test_nothing_is_left_of_a_customer_but_what_the_law_wants(bank: Forgetting) -> None:
    bank.lives()
    assert len(traces(bank)) >= 14, "the customer has left traces everywhere"
    assert stored(bank)
    assert bank.cache.values
    assert bank.is_sure() == ["en:privacy.erase_begun"]
    assert bank.bank.wakeups.erasing == 1
    bank.forget()
    assert bank.is_done()
    assert traces(bank) <= MAY_NAME
    assert stored(bank) == []
    assert bank.cache.values == {}


def test_everything_of_everybody_else_stays(bank: Forgetting) -> None:
    bank.lives(OTHER)
    bank.lives()
    before = [value for _, value in everything(bank.database) if str(OTHER) in value or f"Person {OTHER}" in value]
    kept = bank.storage.keys("")
    bank.is_sure()
    bank.forget()
    assert bank.is_done()
    left = [value for _, value in everything(bank.database) if str(OTHER) in value or f"Person {OTHER}" in value]
    assert len(left) >= len(before) - 3, "but for what the staff were told of calls, of whoever they were"
    assert len(bank.storage.keys("")) == len(kept) - 1
    assert bank.bank.user(OTHER).registered


def test_the_desk_is_told_that_the_chat_ended_before_it_is_forgotten(bank: Forgetting) -> None:
    bank.bank.does(AskForPerson(), CUSTOMER)
    bank.bank.does(TakeChat(conversation_id=bank.bank.conversation(CUSTOMER).id), MODERATOR)
    bank.deliver()
    assert bank.is_sure() == ["en:privacy.erase_begun"]
    given = bank.forget()
    assert [m.html for chat, m in given if chat == MODERATOR] == ["en:end.done_staff"]
    assert not [m for chat, m in given if chat == CUSTOMER and "rating.ask" in m.html]
    assert bank.is_done()


def test_the_certificate_is_signed_and_says_of_nobody(bank: Forgetting) -> None:
    bank.lives()
    bank.is_sure()
    message = None
    for _ in range(6):
        for chat, sent in bank.deliver():
            if sent.files and sent.files[0].source.startswith("certificate"):
                message = sent
                assert chat == CUSTOMER
        bank.eraser.run()
        if message is None and bank.erasure().state == ErasureState.TELLING:
            note = bank.documents(CUSTOMER, f"certificate:{bank.erasure().id}").decode()
    assert message
    assert message.html.startswith("en:privacy.erased")
    said = check(note, bank.certifier.readers)
    assert said.id == bank.erasure().id
    assert said.erased["messages"] > 5
    assert said.erased["data_keys"] == said.erased["users"] == 1
    assert not [canary for canary in (str(CUSTOMER), NAME, PHONE, "heron") if canary in note]
    with pytest.raises(NotACertificate):
        check(note.replace('"users": 1', '"users": 2'), bank.certifier.readers)
    assert bank.erasure().certificate == note
    with pytest.raises(LookupError):
        bank.documents(OTHER, f"certificate:{bank.erasure().id}")


def test_what_is_being_sent_is_waited_for(bank: Forgetting) -> None:
    bank.is_sure()
    bank._dispatcher.take(100)  # the reply is on its way
    bank.eraser.run()
    assert bank.erasure().state == ErasureState.WANTED
    bank.forget()
    assert bank.is_done()


def test_each_step_may_die_and_is_done_by_another(bank: Forgetting, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kill a worker before and after each commit: whoever comes next goes on, and nothing is done twice."""
    bank.lives()
    bank.is_sure()
    bank.deliver()
    steps = 0

    class Killed(BaseException):
        pass

    advance = bank.eraser._advance

    def dies(erasure_id: object) -> None:
        nonlocal steps
        steps += 1
        if steps % 2:
            raise Killed
        advance(erasure_id)  # type: ignore[arg-type]
        raise Killed

    monkeypatch.setattr(bank.eraser, "_advance", dies)
    given = []
    for _ in range(20):
        given += bank.deliver()
        try:
            bank.eraser.run()
        except Killed:
            continue
        break
    assert bank.is_done()
    certificate_of(given)
    assert traces(bank) <= MAY_NAME
    with bank.database.reading() as uow:
        assert len(uow.audit.find(Wanted(act=AuditAct.ERASED), 10)) == 1


def test_a_storage_that_is_away_is_waited_for(bank: Forgetting, monkeypatch: pytest.MonkeyPatch) -> None:
    bank.lives()
    bank.is_sure()
    remove = bank.storage.remove

    def away(key: str) -> None:
        raise StorageError(f"away: {key}")

    monkeypatch.setattr(bank.storage, "remove", away)
    bank.forget()
    assert bank.erasure().state == ErasureState.ROWS_GONE
    monkeypatch.setattr(bank.storage, "remove", remove)
    bank.forget()
    assert bank.is_done()
    assert stored(bank) == []


def test_nothing_is_certified_before_the_files_are_gone_though_another_worker_overtakes(
    bank: Forgetting, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank.lives()
    bank.is_sure()
    bank.deliver()
    clear, erasure_id = Outside.clear, bank.erasure().id
    overtaken = False

    def slow(outside: Outside, names: Sequence[str]) -> None:
        nonlocal overtaken
        clear(outside, names)
        if not overtaken:
            overtaken = True
            bank.eraser._advance(erasure_id)

    monkeypatch.setattr(Outside, "clear", slow)
    assert stored(bank)
    bank.eraser._advance(erasure_id)
    assert (bank.erasure().state, bank.erasure().certificate) == (ErasureState.ROWS_GONE, None)
    bank.forget()
    assert bank.is_done()
    assert stored(bank) == []
