"""Traces of use cases: steps stand below their update, attempts link to the ones before, and say nothing personal."""

from dataclasses import replace

import pytest
from opentelemetry.trace import SpanKind, StatusCode
from sqlalchemy.exc import OperationalError

from database.db import Database
from database.models import Delivery
from database.queries.delivery import Outcome
from services.drafts import Draft
from services.gateways.memory_limiter import MemoryLimiter
from services.jobs import Job, Say
from services.sending import Ending
from tests.database.threads import let_time_pass
from tests.recorded import PARENT, TRACE, Recorded, links_of, name_of, parent_of, record
from tests.services.bank import Bank, numbered
from tests.services.pumping import is_sent, make_dispatcher, pumping
from tests.twin_channel import TwinChannel
from tests.twins import TwinModel, accepted
from utils.tracing import current_traceparents, span

NAME = "Person 1"
OTHER = PARENT.replace("0af7", "1af7")


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Recorded:
    return record(monkeypatch)


@pytest.fixture
def bank(database: Database) -> Bank:
    bank = Bank(database)
    bank.register(1)
    return bank


def accept(bank: Bank, update_id: int, job: Job, traceparent: str = PARENT) -> None:
    bank.inbox.accept([replace(accepted(update_id, job), traceparent=traceparent)])


def test_accepting_is_a_database_call_in_the_trace_of_each_update(bank: Bank, recorded: Recorded) -> None:
    traces = [PARENT, OTHER]
    bank.inbox.accept([replace(accepted(n, Say(text="Hi")), traceparent=trace) for n, trace in enumerate(traces)])
    first, second = recorded.spans("INSERT inbox")
    assert (parent_of(first), f"{first.context.trace_id:032x}") == (PARENT.split("-")[2], TRACE)
    assert first.context.trace_id != second.context.trace_id
    assert first.kind is SpanKind.CLIENT
    assert first.attributes == {
        "db.system.name": bank.database.system,
        "db.operation.name": "INSERT",
        "db.collection.name": "inbox",
        "db.operation.batch.size": 2,
    }


def test_an_update_that_is_tried_again_links_to_the_attempt_before(
    bank: Bank, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept(bank, 1, numbered(1))
    with monkeypatch.context() as broken:
        broken.setattr(bank.words, "text", None)
        bank.intake.advance([1])
    let_time_pass(bank.database)
    bank.intake.advance([1])
    first, second = recorded.spans("intake")
    assert parent_of(first) == parent_of(second) == PARENT.split("-")[2]
    assert (first.status.status_code, second.status.status_code) == (StatusCode.ERROR, StatusCode.UNSET)
    assert (links_of(first), links_of(second)) == ([], [name_of(first)])
    assert first.attributes == {"bot.job": "unsupported", "bot.attempt": 1, "error.type": "TypeError"}


def test_updates_of_a_batch_that_failed_are_tried_alone_and_link_to_it(
    bank: Bank, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2):
        accept(bank, number, numbered(number))
    text = bank.words.text

    def fails(lang: str, key: str, **params: object) -> str:
        if key.endswith("2"):
            raise ValueError(NAME)
        return text(lang, key, **params)

    monkeypatch.setattr(bank.words, "text", fails)
    bank.intake.advance([1])
    one, two, one_alone, two_alone = recorded.spans("intake")
    assert len({span.context.span_id for span in (one, two, one_alone, two_alone)}) == 4
    assert links_of(one_alone) == [name_of(one)]
    assert links_of(two_alone) == [name_of(two)]
    assert two_alone.status.status_code is StatusCode.ERROR
    assert NAME not in "".join(span.to_json() for span in (two, two_alone))


def test_an_answer_stands_in_the_last_messages_trace_and_links_to_the_others(bank: Bank, recorded: Recorded) -> None:
    accept(bank, 1, Say(text="How much"), OTHER)
    accept(bank, 2, Say(text="is the card?"))
    bank.run()
    [answer] = recorded.spans("answer")
    assert f"{answer.context.trace_id:032x}" == TRACE
    assert links_of(answer) == [OTHER[:-3]]
    assert answer.attributes == {"bot.attempt": 1, "bot.messages": 2}
    for name in ("retrieval", "INSERT messages"):
        [below] = recorded.spans(name)
        assert parent_of(below) == f"{answer.context.span_id:016x}"


def test_an_answer_that_is_tried_again_links_to_the_attempt_before(bank: Bank, recorded: Recorded) -> None:
    accept(bank, 1, Say(text="How much is the card?"))

    def breaks() -> None:
        raise OperationalError(NAME, None, Exception(NAME))  # without the database all of an answer is tried again

    bank.meanwhile(breaks)
    bank.run()
    first, second = recorded.spans("answer")
    assert parent_of(first) == parent_of(second) == PARENT.split("-")[2]
    assert (first.status.status_code, first.status.description) == (StatusCode.ERROR, "OperationalError")
    assert links_of(second) == [name_of(first)]
    assert second.status.status_code is StatusCode.UNSET
    assert bank.outcomes() == ["extract"]


def test_a_wake_up_belongs_to_the_one_who_asked_for_it(
    bank: Bank, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(bank.wakeups, "answers", lambda *_: asked.append(current_traceparents()))
    accept(bank, 1, Say(text="How much is the card?"))
    with span("process inbox"):
        bank.intake.advance([1])
    [intake], [wake_up] = recorded.spans("intake"), recorded.spans("process inbox")
    assert asked == [[f"{name_of(intake)}-01"]]
    assert links_of(intake) == [name_of(wake_up)]


async def test_a_message_that_is_sent_again_links_to_the_attempt_before(bank: Bank, recorded: Recorded) -> None:
    accept(bank, 1, numbered(1))
    bank.intake.advance([1])
    dispatcher, channel = make_dispatcher(bank.database, MemoryLimiter()), TwinChannel()
    [parcel] = dispatcher.take(10).parcels
    pending = Outcome(parcel.message_id, parcel.attempt, Delivery.PENDING)
    dispatcher.settle([Ending(pending, parcel.chat_id)])  # as after an error that passes
    async with pumping(dispatcher, channel) as pump:
        pump.wake()
        await is_sent(bank.database, parcel.message_id)
    [send] = recorded.spans("send")
    assert send.kind is SpanKind.CLIENT
    assert parent_of(send) == PARENT.split("-")[2]
    assert len(links_of(send)) == 1
    assert send.attributes == {
        "messaging.system": "telegram",
        "messaging.operation.type": "send",
        "messaging.operation.name": "sendMessage",
        "bot.attempt": 2,
    }


def test_of_a_question_to_a_model_nothing_personal_is_traced(database: Database, recorded: Recorded) -> None:
    bank = Bank(database, model=TwinModel(Draft("answer", "The card is free.", (1,), "twin")))
    bank.register(1)
    accept(bank, 1, Say(text="I am Ivan Petrov, how much is the card?"))
    bank.run()
    told = "".join(span.to_json() for span in recorded.exporter.get_finished_spans())
    assert '"model"' in told
    for canary in ("Ivan", "card is free", NAME, "+7912"):
        assert canary not in told
