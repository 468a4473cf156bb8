"""Slots for answers: woken when they are due, handed on when all are taken, nothing started after the stop."""

import asyncio
from collections.abc import Collection, Iterator
from threading import Event, Thread
from uuid import UUID, uuid4

import pytest

from benchmarks.installation import wait_until
from services.answer_slots import AnswerSlots


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """Return a loop that runs in a thread of its own, as a worker's does."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


class Answers:
    """Counts what was started here and what was handed on; answers take until they are let go."""

    def __init__(self) -> None:
        self.let_go = Event()
        self.started: list[int] = []
        self.handed_on: list[UUID] = []

    def run_due(self) -> None:
        self.started.append(1)
        self.let_go.wait(60)

    def hand_on(self, conversation_ids: Collection[UUID]) -> None:
        self.handed_on += conversation_ids


@pytest.fixture
def answers() -> Iterator[Answers]:
    answers = Answers()
    yield answers
    answers.let_go.set()


def test_each_conversation_wakes_a_slot(loop: asyncio.AbstractEventLoop, answers: Answers) -> None:
    slots = AnswerSlots(2, loop, answers.run_due, answers.hand_on)
    slots.wake([uuid4(), uuid4()])
    wait_until(lambda: len(answers.started) == 2)
    assert not answers.handed_on
    answers.let_go.set()
    slots.stop()


def test_what_finds_no_slot_goes_to_whoever_is_free(loop: asyncio.AbstractEventLoop, answers: Answers) -> None:
    slots = AnswerSlots(2, loop, answers.run_due, answers.hand_on)
    with slots.taken() as first:
        slots.wake([uuid4()])
        wait_until(lambda: answers.started)
        slots.wake([left := uuid4()])
        wait_until(lambda: answers.handed_on)
        with slots.taken() as third:
            assert (first, third) == (True, False)
    assert answers.handed_on == [left]
    slots.stop()


def test_an_answer_that_fails_leaves_its_slot(loop: asyncio.AbstractEventLoop, answers: Answers) -> None:
    failed = Event()

    def run_due() -> None:
        failed.set()
        raise OSError

    slots = AnswerSlots(1, loop, run_due, answers.hand_on)
    slots.wake([uuid4()])
    assert failed.wait(60)

    def free() -> bool:
        with slots.taken() as taken:
            return taken

    wait_until(free)
    slots.stop()


def test_after_the_stop_nothing_starts(loop: asyncio.AbstractEventLoop, answers: Answers) -> None:
    slots = AnswerSlots(1, loop, answers.run_due, answers.hand_on)
    slots.stop()
    slots.wake([uuid4()])
    asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result(60)  # what was woken before has run by then
    asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result(60)
    assert not answers.started
    assert not answers.handed_on
