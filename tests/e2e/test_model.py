"""The language model: it answers by its tool with sources, and whatever it does, the customer is told the truth."""

from collections.abc import Iterator

import pytest

from tests.e2e.acts import answered_once_after_a_kill, name
from tests.e2e.conftest import Person
from tests.e2e.own import FACT, QUESTION, SOURCE, Model, Place, own_model, own_place
from tests.system import MODERATOR, wait_until

pytestmark = pytest.mark.e2e

_DEGRADED = "Помощник сейчас недоступен"
_QUEUED = "Передаём разговор сотруднику"
_LONG = 3  # seconds that an answer takes which somebody overtakes: enough for that on a busy machine


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    """Run a model server."""
    with own_model() as running:
        yield running


@pytest.fixture(scope="module")
def installation(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Run an installation that asks the model, and waits four seconds for it."""
    settings = {"HTTPX_TIMEOUT": "4", "LEASE_SECONDS": "3", **model.settings}
    with own_place(tmp_path_factory.mktemp("model"), "sqlite", settings) as place:
        yield place


@pytest.fixture
def place(installation: Place, model: Model) -> Iterator[Place]:
    """Return the installation, with a model that is well again after the test."""
    yield installation
    model.plan()
    installation.mend()


def _last_answer(place: Place, person: Person) -> tuple[str, str | None]:
    answer = place.answers(person)[-1]
    return answer.outcome, answer.model


def test_an_answer_names_its_sources(place: Place, model: Model) -> None:
    customer = place.person()
    customer.says(QUESTION)
    answer = customer.sees(FACT, SOURCE)
    assert "<blockquote>" not in answer["html"]
    assert QUESTION in answer["text"].partition(SOURCE)[2]
    assert _last_answer(place, customer) == ("answered", "gpt-5-mini")
    asked = model.requests(QUESTION)[-1]
    assert [tool["function"]["name"] for tool in asked["tools"]] == ["reply"]
    assert place.metric("bot_model_tokens_total") > 0


@pytest.mark.parametrize(
    "plan", [{"fault": "hang"}, {"fault": "refuse"}, {"fault": "garbled"}, {"fault": "status", "status": 500}], ids=str
)
def test_without_an_answer_of_the_model_an_extract_says_what_it_is(
    place: Place, model: Model, plan: dict[str, object]
) -> None:
    customer = place.person()
    model.plan(**plan)
    customer.says(QUESTION)
    answer = customer.sees(_DEGRADED, FACT, SOURCE)
    assert "<blockquote>" in answer["html"]
    assert _last_answer(place, customer) == ("degraded", None)
    model.plan()
    customer.says(QUESTION)
    customer.sees(FACT)
    assert _last_answer(place, customer) == ("answered", "gpt-5-mini")


def test_a_worker_killed_in_the_middle_of_an_answer_on_sqlite(place: Place, model: Model) -> None:
    answered_once_after_a_kill(place, model)


def test_the_model_hands_over_by_its_tool(place: Place) -> None:
    customer, moderator = place.person(), place.person(MODERATOR)
    moderator.says("/start")
    moderator.sees("Здравствуйте")
    customer.says(f"{QUESTION} Может, мне человек подскажет?")
    customer.sees(_QUEUED)
    moderator.presses(moderator.sees("Клиент ждёт сотрудника", name(customer)))
    moderator.sees("Вы говорите с клиентом", QUESTION)
    moderator.says("/end")
    customer.sees("Разговор завершён")


@pytest.mark.parametrize(("words", "told"), [("/help", _QUEUED), ("/end", "Разговор завершён")])
def test_an_answer_that_was_overtaken_is_dropped_and_recorded(
    place: Place, model: Model, words: str, told: str
) -> None:
    customer = place.person()
    model.plan(latency=_LONG)
    asked = f"{QUESTION} Я {customer.id}."
    customer.says(asked)
    model.wait_asked(asked)
    customer.says(words)
    customer.sees(told)
    wait_until(lambda: place.answers(customer), what="the record of an answer")
    place.wait_quiet()
    assert [answer.outcome for answer in place.answers(customer)] == ["overtaken"]
    assert not any(FACT in text for text in customer.texts())
    assert place.metric("bot_answers_total", outcome="overtaken") > 0


def test_an_answer_is_dropped_when_a_moderator_took_the_chat_meanwhile(place: Place, model: Model) -> None:
    customer, moderator = place.person(), place.person(MODERATOR)
    moderator.says("/start")
    moderator.sees("Здравствуйте")
    model.plan(latency=_LONG)
    asked = f"{QUESTION} Я {customer.id}."
    customer.says(asked)
    model.wait_asked(asked)
    customer.says("/help")
    moderator.presses(moderator.sees("Клиент ждёт сотрудника", name(customer)))
    customer.sees("С вами теперь человек")
    moderator.says("Добрый день, обслуживание для вас бесплатно.")
    customer.sees("обслуживание для вас бесплатно")
    wait_until(lambda: place.answers(customer), what="the record of an answer")
    assert [answer.outcome for answer in place.answers(customer)] == ["overtaken"]
    assert not any(FACT in text for text in customer.texts())
    moderator.says("/end")
    customer.sees("Разговор завершён")


def test_a_model_that_keeps_failing_is_left_alone_for_a_while_by_every_worker(place: Place, model: Model) -> None:
    model.plan(fault="status", status=500)
    customers = [place.person() for _ in range(6)]
    for customer in customers[:5]:
        customer.says(QUESTION)
        customer.sees(_DEGRADED)
    asked = len(model.requests())
    model.plan()  # well again, but nobody asks it before the breaker's time is over
    place.system.kill("worker")  # not even a worker that has just started
    place.system.start("worker")
    customers[5].says(QUESTION)
    customers[5].sees(_DEGRADED, FACT)
    assert len(model.requests()) == asked
    assert place.metric("bot_breaker_open", name="openai") == 1
    place.redis.forget("breaker:*")
