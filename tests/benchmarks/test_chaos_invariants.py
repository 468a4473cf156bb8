"""Chaos sees what it looks for: each broken promise, in a journal made up for it, is found and nothing else is."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from benchmarks.chaos.customers import Customer
from benchmarks.chaos.invariants import doubled, intrusions, lost, out_of_order, strange
from benchmarks.chaos.journal import JournalReader
from benchmarks.chaos.ledger import Act, Ledger, Told
from benchmarks.chaos.records import Records
from benchmarks.chaos.schedule import Kind, strikes

ANN = 1


@dataclass
class Story:
    """A chat: acts and messages in the order in which they are told here."""

    ledger: Ledger = field(default_factory=Ledger)
    given_out: dict[int, int] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    n: int = 0

    def does(self, what: str, *slots: str, asks: bool = False, interrupts: bool = False) -> None:
        self.n += 1
        self.given_out[self.n] = self.n
        if asks:
            self.texts.append(what)
        act = Act(self.n, ANN, what, self.n, asks=asks, interrupts=interrupts)
        self.ledger.add(act, [(ANN, slot) for slot in slots])

    def asks(self, word: str) -> None:
        self.does(f"{word}?", f"answer:{word}", asks=True)

    def ends(self) -> None:
        self.does("/end", "end.done", interrupts=True)

    def told(self, slot: str) -> None:
        self.n += 1
        self.ledger.note(Told(self.n, self.n, ANN, (slot,), slot))

    def found(self, **records: Any) -> list[str]:
        """Return the kinds of what is not kept."""
        kept = Records((), {}, {}, {ANN: Counter(self.texts)}, ())
        given = replace(kept, **records)
        ann = [cast("Customer", SimpleNamespace(id=ANN, texts=self.texts))]
        journal = cast("JournalReader", SimpleNamespace(given_out=self.given_out))
        checks: Iterable[Iterable[Any]] = (
            lost(self.ledger, ann, given),
            doubled(self.ledger, ann, given)[0],
            out_of_order(self.ledger),
            intrusions(self.ledger, journal, ann),
            strange(self.ledger),
        )
        return [violation.kind for check in checks for violation in check]


def quiet_life(story: Story) -> None:
    story.does("Hi", asks=True)
    story.asks("blue")
    story.does("/mode", "mode.ask")
    story.told("answer:blue")
    story.told("mode.ask")
    story.asks("green")
    story.ends()
    story.told("end.done")
    story.does("/help", "handover.queued", interrupts=True)
    story.told("handover.queued")
    story.ends()
    story.told("end.done")


def never_answered(story: Story) -> None:
    story.asks("blue")


def said_twice(story: Story) -> None:
    story.asks("blue")
    story.told("answer:blue")
    story.told("answer:blue")


def overtaken(story: Story) -> None:
    story.asks("blue")
    story.does("/mode", "mode.ask")
    story.told("mode.ask")
    story.told("answer:blue")


def answered_after_the_end(story: Story) -> None:
    story.does("/mode", "mode.ask")
    story.ends()
    story.told("end.done")
    story.told("mode.ask")


def the_machine_speaks_while_a_person_is_called(story: Story) -> None:
    story.asks("blue")
    story.does("/help", "handover.queued", interrupts=True)
    story.told("handover.queued")
    story.told("answer:blue")


def quoted_while_waiting(story: Story) -> None:
    story.does("/help", "handover.queued", interrupts=True)
    story.told("handover.queued")
    story.told("waiting.quick")


def quoted_over_a_person(story: Story) -> None:
    story.does("/help", "handover.queued", "handover.joined", interrupts=True)
    story.told("handover.queued")
    story.told("handover.joined")
    story.told("waiting.quick")


def said_again_when_the_same_is_expected_anew(story: Story) -> None:
    story.ends()
    story.told("end.done")
    story.does("/mode", "mode.ask")
    story.ends()
    story.told("end.done")  # of the first one, whose sender was killed
    story.told("mode.ask")
    story.told("end.done")


def out_of_the_blue(story: Story) -> None:
    story.told("error.dead")


@pytest.mark.parametrize(
    ("tell", "kinds"),
    [
        (quiet_life, set()),
        (never_answered, {"lost"}),
        (said_twice, {"doubled"}),
        (overtaken, {"out of order"}),
        (answered_after_the_end, {"out of order", "after the end"}),
        (the_machine_speaks_while_a_person_is_called, {"AI while a person", "strange"}),
        (said_again_when_the_same_is_expected_anew, {"doubled"}),
        (quoted_while_waiting, set()),
        (quoted_over_a_person, {"AI while a person"}),
        (out_of_the_blue, {"strange"}),
    ],
)
def test_a_story_is_judged(tell: Callable[[Story], None], kinds: set[str]) -> None:
    story = Story()
    tell(story)
    assert set(story.found()) == kinds


def test_a_double_of_unknown_outcome_is_explained_once() -> None:
    story = Story()
    said_twice(story)
    assert story.found(resends={ANN: 1}) == []
    story.told("answer:blue")
    assert story.found(resends={ANN: 1}) == ["doubled"]


def test_words_have_to_be_on_record_once() -> None:
    story = Story()
    story.does("Hi", asks=True)
    assert story.found(texts={}) == ["lost"]
    assert story.found(texts={ANN: Counter({"Hi": 2})}) == ["doubled"]
    assert story.found(unanswered=("'Hi' of chat 1",)) == ["lost"]


def test_a_refused_act_leaves_nothing_that_might_still_come() -> None:
    (story := Story(n=1)).ledger.add(Act(1, ANN, "x", 1, instead="refused"), [(ANN, "yours")], [(ANN, "suggestion")])
    story.told("refused")
    story.asks("fee")
    story.told("answer:fee")
    assert not story.found()


def test_a_schedule_is_its_seed() -> None:
    kinds = frozenset(Kind)
    first, again, other = (list(strikes(seed, 40, kinds)) for seed in (7, 7, 8))
    assert first == again != other
    happened = Counter(fault.kind for strike in first for fault in strike.faults)
    assert happened.total() == 40
    assert set(happened) == kinds, "every kind comes up before one comes up again"


@pytest.mark.parametrize(("ended", "kinds"), [(True, []), (False, ["doubled"])])
def test_a_call_is_repeated_after_an_end_and_never_else(*, ended: bool, kinds: list[str]) -> None:
    story = Story()
    story.does("/help", "handover.call:Bob")
    story.told("handover.call:Bob")
    if ended:
        story.does("/end", "end.done_staff")
        story.told("end.done_staff")
    story.told("handover.call:Bob")
    assert story.found() == kinds
