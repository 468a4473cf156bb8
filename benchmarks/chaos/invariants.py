"""The invariants: what the journal and the records say of everything that was sent."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.chaos.customers import Customer
from benchmarks.chaos.journal import JournalReader
from benchmarks.chaos.ledger import Expected, Ledger, Told
from benchmarks.chaos.records import Records
from benchmarks.chaos.replies import spoken_by_ai

_CALL = "handover.call:"


@dataclass(frozen=True)
class Violation:
    """A promise that was not kept: which, where (a chat and a place in the journal), and what happened."""

    kind: str
    sentence: str
    chat: int = 0
    n: int = 0


def lost(ledger: Ledger, customers: Sequence[Customer], records: Records) -> Iterator[Violation]:
    """Find acts without their answer, and questions that are not on record, or without an answer there."""
    for act in ledger.acts:
        missing = [e.slot for e in act.expected if e.required and e.told is None]
        if missing:
            given_up = " (its outcome stayed unknown)" if records.unknown.get(act.chat) else ""
            yield Violation(
                "lost", f"{act.what!r} was not answered by {missing}{given_up}", act.chat, _place(act.expected)
            )
    for customer in customers:
        for text, number in (Counter(customer.texts) - records.texts.get(customer.id, Counter())).items():
            yield Violation("lost", f"{text!r} is not on record ({number} times)", customer.id)
    for sentence in records.unanswered:
        yield Violation("lost", f"{sentence} is on record without an answer")


def doubled(ledger: Ledger, customers: Sequence[Customer], records: Records) -> tuple[list[Violation], int]:
    """Find what was done or said twice; returns also how many doubles an unknown outcome explains."""
    by_chat: dict[int, list[Told]] = defaultdict(list)
    for told in ledger.doubles:
        if not _called_again(ledger, told):
            by_chat[told.chat].append(told)
    violations: list[Violation] = []
    explained = 0
    for chat, doubles in by_chat.items():
        allowed = records.resends.get(chat, 0)
        explained += min(allowed, len(doubles))
        violations += [
            Violation("doubled", f"said again without need: {told.text[:80]!r}", chat, told.n)
            for told in doubles[allowed:]
        ]
    for customer in customers:
        for text, number in (records.texts.get(customer.id, Counter()) - Counter(customer.texts)).items():
            violations.append(Violation("doubled", f"{text!r} is on record {number} times too often", customer.id))
    return violations, explained


def _called_again(ledger: Ledger, told: Told) -> bool:
    """Tell whether a call is repeated by rule: who ends a chat is called anew for the first in the queue."""
    slot = told.slots[0]
    if not slot.startswith(_CALL):
        return False
    earlier = [other for other in ledger.told if other.chat == told.chat and other.n < told.n]
    called = max((other.n for other in earlier if other.slots[0] == slot), default=0)
    return any(other.n > called for other in earlier if other.slots[0] == "end.done_staff")


def out_of_order(ledger: Ledger) -> Iterator[Violation]:
    """Find answers that came before the answer to an earlier act of the same person, in the same chat."""
    told: dict[tuple[int, int], list[tuple[Told, Expected]]] = defaultdict(list)
    for act in ledger.acts:
        for expected in act.expected:
            if expected.told:
                told[expected.chat, act.chat].append((expected.told, expected))
    for pairs in told.values():
        pairs.sort(key=lambda pair: pair[0].n)
        latest = pairs[0][1].act
        for message, expected in pairs:
            if expected.act.update_id < latest.update_id:
                sentence = f"{expected.act.what!r} was answered after {latest.what!r}"
                yield Violation("out of order", sentence, expected.chat, message.n)
            else:
                latest = expected.act


def intrusions(ledger: Ledger, journal: JournalReader, customers: Sequence[Customer]) -> Iterator[Violation]:
    """Find what was said after an end was confirmed, and what the AI said while a person was called or there."""
    doubles = set(ledger.doubles)
    chats: dict[int, list[Told]] = defaultdict(list)
    for told in ledger.told:
        chats[told.chat].append(told)
    for customer in customers:
        acts = sorted(
            journal.given_out[a.update_id]
            for a in ledger.acts
            if a.chat == customer.id and a.update_id in journal.given_out
        )
        ended_at, with_person, waits = 0, False, False
        for told in sorted(chats[customer.id], key=lambda told: told.n):
            if ended_at and told not in doubles and not any(ended_at < n < told.n for n in acts):
                yield Violation("after the end", f"said after the end: {told.text[:80]!r}", customer.id, told.n)
            if with_person and spoken_by_ai(told.slots, waits=waits):
                yield Violation("AI while a person", f"the AI said {told.text[:80]!r}", customer.id, told.n)
            if told.slots[0] == "handover.queued":
                with_person = waits = True
            elif told.slots[0] == "handover.joined":
                waits = False
            elif told.slots[0] == "end.done" and told not in doubles:
                ended_at, with_person = told.n, False


def strange(ledger: Ledger) -> Iterator[Violation]:
    """Find messages that nobody expects."""
    for told in ledger.strange:
        yield Violation("strange", f"nobody expects {', '.join(told.slots)} in {told.text[-240:]!r}", told.chat, told.n)


def _place(expected: Sequence[Expected]) -> int:
    return max((e.told.n for e in expected if e.told), default=0)
