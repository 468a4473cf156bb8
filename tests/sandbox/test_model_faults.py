"""Latency and faults of the model server, as OpenAI's own client meets them."""

import asyncio
import time
from collections.abc import Iterator

import httpx
import pytest
from openai import (
    APIConnectionError,
    AsyncOpenAI,
    AuthenticationError,
    InternalServerError,
    OpenAI,
    RateLimitError,
)

from sandbox.model.control import PENDING, Control
from sandbox.model.settings import ModelSettings

TEXT = "Карта бесплатна первые два месяца. Потом она стоит 99 ₽."
PROMPT = f'<passages><passage id="1" title="Карта">{TEXT}</passage></passages><question>карта</question>'
WAITING = 50


@pytest.fixture
def client(address: str, control: httpx.Client) -> Iterator[OpenAI]:
    assert control.base_url == httpx.URL(address)
    with OpenAI(base_url=f"{address}/v1", api_key="any", max_retries=0) as made:
        yield made


def _ask(client: OpenAI) -> str | None:
    answer = client.chat.completions.create(model="m", messages=[{"role": "user", "content": PROMPT}])
    return answer.choices[0].message.content


def _plan(control: httpx.Client, **plan: object) -> None:
    control.put("/control/model", json=plan).raise_for_status()


def _outcomes(control: httpx.Client) -> list[str]:
    return [entry["outcome"] for entry in control.get("/control/model/journal").json()["requests"]]


@pytest.mark.parametrize(
    ("status", "error"), [(500, InternalServerError), (429, RateLimitError), (401, AuthenticationError)]
)
def test_status_is_answered_so_many_times(
    client: OpenAI, control: httpx.Client, status: int, error: type[Exception]
) -> None:
    _plan(control, fault="status", status=status, times=2)
    for _ in range(2):
        with pytest.raises(error):
            _ask(client)
    assert _ask(client) == TEXT
    assert _outcomes(control) == ["fault:status", "fault:status", "answer"]


def test_refuse_cuts_the_connection(client: OpenAI, control: httpx.Client) -> None:
    _plan(control, fault="refuse")
    with pytest.raises(APIConnectionError):
        _ask(client)
    assert _outcomes(control) == ["fault:refuse"]


async def test_hang_lasts_until_the_client_leaves(address: str, control: httpx.Client) -> None:
    _plan(control, fault="hang")
    async with AsyncOpenAI(base_url=f"{address}/v1", api_key="any", max_retries=0) as client:
        asked = asyncio.create_task(client.embeddings.create(model="e", input="x"))
        await _until(control, ["fault:hang"])
        assert not asked.done()
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)


def test_garbled_json_does_not_parse(client: OpenAI, control: httpx.Client) -> None:
    _plan(control, fault="garbled")
    raw = client.chat.completions.with_raw_response.create(model="m", messages=[{"role": "user", "content": PROMPT}])
    assert raw.status_code == 200
    with pytest.raises(ValueError, match=r"Unterminated|Expecting|delimiter"):
        raw.parse()


def test_garbled_stream_stops_midway(client: OpenAI, control: httpx.Client) -> None:
    _plan(control, fault="garbled")
    stream = client.chat.completions.create(model="m", messages=[{"role": "user", "content": PROMPT}], stream=True)
    got = ""
    with pytest.raises(APIConnectionError):  # noqa: PT012 - what came before the cut is wanted too
        for chunk in stream:
            got += chunk.choices[0].delta.content or ""
    assert got
    assert TEXT.startswith(got)
    assert got != TEXT


def test_faults_concern_embeddings_too(client: OpenAI, control: httpx.Client) -> None:
    _plan(control, fault="status", status=503, times=1)
    with pytest.raises(InternalServerError):
        client.embeddings.create(model="e", input="x")
    assert client.embeddings.create(model="e", input="x").data


def test_latency_is_the_least_an_answer_takes(client: OpenAI, control: httpx.Client) -> None:
    _plan(control, latency=0.3)
    began = time.monotonic()
    assert _ask(client) == TEXT
    assert time.monotonic() - began >= 0.3


def test_a_plan_replaces_the_one_before_and_unknown_words_are_refused(control: httpx.Client) -> None:
    _plan(control, latency=5, fault="hang", times=3)
    plan = control.put("/control/model", json={"jitter": 0.5}).json()
    nothing = {"pace": 0.0, "reply": None, "fault": None, "status": 500, "times": None, "seed": None}
    assert plan == {"latency": 0.0, "jitter": 0.5, **nothing}
    assert control.put("/control/model", json={"fault": "explode"}).status_code == 400
    assert control.put("/control/model", json={"lattency": 1}).status_code == 400


def test_jitter_repeats_with_its_seed() -> None:
    first, again, other = (Control(ModelSettings(latency=2, jitter=1, seed=seed)) for seed in (7, 7, 8))
    drawn = [first.delay() for _ in range(5)]
    assert all(2 <= delay <= 3 for delay in drawn)
    assert drawn == [again.delay() for _ in range(5)]
    assert drawn != [other.delay() for _ in range(5)]


async def test_fifty_requests_wait_at_once_and_those_that_leave_are_noticed(
    address: str, control: httpx.Client
) -> None:
    _plan(control, latency=60)
    async with AsyncOpenAI(base_url=f"{address}/v1", api_key="any", max_retries=0) as client:
        asked = [
            asyncio.create_task(
                client.chat.completions.create(model="m", messages=[{"role": "user", "content": PROMPT}])
            )
            for _ in range(WAITING)
        ]
        await _until(control, [PENDING] * WAITING)
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
    await _until(control, ["gone"] * WAITING)


async def test_fifty_answers_do_not_wait_for_each_other(address: str, control: httpx.Client) -> None:
    latency = 1.0
    _plan(control, latency=latency)
    async with AsyncOpenAI(base_url=f"{address}/v1", api_key="any", max_retries=0) as client:
        began = time.monotonic()
        answers = await asyncio.gather(
            *(client.embeddings.create(model="e", input=f"text {number}") for number in range(WAITING))
        )
        took = time.monotonic() - began
    assert len(answers) == WAITING
    assert latency <= took < latency * WAITING, "one after the other"


async def _until(control: httpx.Client, expected: list[str]) -> None:
    async with asyncio.timeout(20):
        while await asyncio.to_thread(_outcomes, control) != expected:  # noqa: ASYNC110 - a server's state
            await asyncio.sleep(0.02)
