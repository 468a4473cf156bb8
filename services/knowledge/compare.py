"""What is different between two versions of a document, entry by entry."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.knowledge.parse import Entry
from services.knowledge.text import words

_Key = tuple[tuple[str, ...], int]


@dataclass(frozen=True)
class Change:
    """An entry whose question stayed and whose words, wordings or section did not."""

    before: Entry
    after: Entry


@dataclass(frozen=True)
class Comparison:
    """What came, went and changed, in the order of the documents; `same` counts the rest."""

    added: tuple[Entry, ...]
    removed: tuple[Entry, ...]
    changed: tuple[Change, ...]
    same: int


def compare(before: Iterable[Entry], after: Iterable[Entry]) -> Comparison:
    """Compare two lists of entries by their questions; one that stands twice is compared in its order."""
    old, new = _keyed(before), _keyed(after)
    both = [(old[key], entry) for key, entry in new.items() if key in old]
    changed = tuple(Change(was, now) for was, now in both if _content(was) != _content(now))
    return Comparison(
        added=tuple(entry for key, entry in new.items() if key not in old),
        removed=tuple(entry for key, entry in old.items() if key not in new),
        changed=changed,
        same=len(both) - len(changed),
    )


def _keyed(entries: Iterable[Entry]) -> dict[_Key, Entry]:
    keyed: dict[_Key, Entry] = {}
    for entry in entries:
        question = tuple(words(entry.question))
        number = 0
        while (question, number) in keyed:
            number += 1
        keyed[question, number] = entry
    return keyed


def _content(entry: Entry) -> tuple[object, ...]:
    return entry.section, entry.question, entry.alternatives, entry.answer
