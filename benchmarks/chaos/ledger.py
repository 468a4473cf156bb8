"""The ledger: what people did, what each act has to be answered with, and the messages that did it."""

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.chaos.replies import ASIDES

Slot = tuple[int, str]  # a chat, and the kind of message that it is to be shown


@dataclass(frozen=True)
class Told:
    """A message that reached a chat; `n` is its call's place in the journal, `at` the time of that call."""

    n: int
    at: float
    chat: int
    slots: tuple[str, ...]
    text: str


@dataclass(eq=False)
class Expected:
    """One message that an act has to bring about; not `required` once something came first."""

    chat: int
    slot: str
    act: "Act"
    required: bool
    told: Told | None = None


@dataclass(eq=False)
class Act:
    """One update: who caused it and when, and what it has to be answered with.

    `asks` marks a question, which an interruption (a person, the end) may come before; `instead` names a
    message that answers it as well: a refusal.
    """

    update_id: int
    chat: int
    what: str
    at: float
    asks: bool = False
    interrupts: bool = False
    instead: str = ""
    refused: bool = False
    settled_at: float | None = None
    expected: list[Expected] = field(default_factory=list)


class Ledger:
    """Matches messages to what was expected, in the order in which they come."""

    def __init__(self) -> None:
        self.acts: list[Act] = []
        self.told: list[Told] = []
        self.doubles: list[Told] = []
        self.strange: list[Told] = []
        self._open: dict[Slot, deque[Expected]] = defaultdict(deque)
        self._optional: dict[int, list[Expected]] = defaultdict(list)
        self._met: dict[Slot, list[Expected]] = defaultdict(list)

    def add(self, act: Act, required: Sequence[Slot], optional: Sequence[Slot] = ()) -> Act:
        """Note an act; what it interrupts need not be answered any more."""
        if act.interrupts:
            self._interrupt(act)
        for wanted, is_required in ((required, True), (optional, False)):
            for chat, slot in wanted:
                expected = Expected(chat, slot, act, is_required)
                act.expected.append(expected)
                self._open[chat, slot].append(expected)
                if not is_required:
                    self._optional[chat].append(expected)
        self.acts.append(act)
        self._settle(act, act.at)
        return act

    def note(self, told: Told) -> None:
        """Note a message: it answers the oldest act that waits for it, or it is a double, or nobody expects it."""
        self.told.append(told)
        if told.slots[0] in ASIDES:
            return
        for slot in told.slots:
            if waiting := self._open[told.chat, slot]:
                self._meet(waiting.popleft(), told)
                return
        if refused := next(
            (a for a in self.acts if a.chat == told.chat and a.instead in told.slots and _open(a)), None
        ):
            self._refuse(refused, told)
        elif any((told.chat, slot) in self._met for slot in told.slots):
            self.doubles.append(self._repetition(told))
        else:
            self.strange.append(told)

    def unsettled(self, sent_before: float) -> list[Act]:
        """Return the acts before a moment that have not been answered yet."""
        return [act for act in self.acts if act.settled_at is None and act.at <= sent_before]

    def _meet(self, expected: Expected, told: Told) -> None:
        expected.told = told
        self._met[expected.chat, expected.slot].append(expected)
        self._forget_earlier(expected)
        self._settle(expected.act, told.at)

    def _repetition(self, told: Told) -> Told:
        """Return which of two equal messages repeats an earlier one: the first, if only so their order was kept.

        What a killed sender leaves is said again when its lease has run out: by then the same may be expected anew.
        """
        for slot in told.slots:
            met = self._met.get((told.chat, slot), [])
            if len(met) > 1 and (first := met[-1].told) and self._overtaken(met[-1], first, told):
                met[-1].told = told
                return first
        return told

    def _overtaken(self, met: Expected, first: Told, second: Told) -> bool:
        """Return whether earlier acts of the same person were answered between two messages."""
        earlier = (act for act in self.acts if act.chat == met.act.chat and act.update_id < met.act.update_id)
        answers = (e.told.n for act in earlier for e in act.expected if e.told and e.chat == met.chat)
        return any(first.n < n < second.n for n in answers)

    def _forget_earlier(self, met: Expected) -> None:
        """Forget what is optional and earlier: answers keep their order, so it may not come any more."""
        for expected in list(self._optional[met.chat]):
            if expected.act.chat == met.act.chat and expected.act.update_id < met.act.update_id:
                self._optional[met.chat].remove(expected)
                self._close(expected)

    def _close(self, expected: Expected) -> None:
        if expected.told is None:
            self._open[expected.chat, expected.slot].remove(expected)

    def _refuse(self, act: Act, told: Told) -> None:
        act.refused = True
        self._met.setdefault((told.chat, act.instead), [])
        for expected in act.expected:
            self._close(expected)
            expected.required = False
            if expected in self._optional[expected.chat]:
                self._optional[expected.chat].remove(expected)
        self._settle(act, told.at)

    def _interrupt(self, by: Act) -> None:
        for act in self.acts:
            if act.asks and act.chat == by.chat and act.settled_at is None:
                for expected in act.expected:
                    if expected.required:
                        expected.required = False
                        self._optional[expected.chat].append(expected)
                self._settle(act, by.at)

    def _settle(self, act: Act, at: float) -> None:
        if act.settled_at is None and all(e.told or not e.required for e in act.expected):
            act.settled_at = at


def _open(act: Act) -> bool:
    return act.settled_at is None
