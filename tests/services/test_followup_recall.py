"""What follow-up questions find in the demo's knowledge, alone and with the topic before them, as counts."""

import csv
from functools import cache

import pytest

from config import ROOT
from contexts.followup import search_query
from contexts.prompt import Turn
from services.knowledge.parse import parse
from services.knowledge.passages import chunks_of
from services.wiring_index import build_index

FILES = {"ru": "context.txt", "en": "context.en.txt"}


@cache
def found(language: str, *, with_topic: bool) -> tuple[int, int, int]:
    """Return how many follow-ups there are, and how many find their answer first and among the first three."""
    index = build_index(chunks_of(parse((ROOT / FILES[language]).read_bytes()).entries, language), language)
    first = in_three = asked = 0
    with (ROOT / "tests" / "data" / f"followups.{language}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            history = [Turn("user", row["before"]), Turn("assistant", "…")] if with_topic else []
            titles = [p.chunk.title for p in index.search(search_query(row["question"], history)).passages]
            asked, first = asked + 1, first + (row["expected"] in titles[:1])
            in_three += row["expected"] in titles[:3]
    return asked, first, in_three


# Measured of 12 in each language: 11 first and 12 in three in Russian (4 and 8 without the topic), 10 and 12 in English
# (5 and 9 without).
@pytest.mark.parametrize(("language", "first", "in_three"), [("ru", 9, 11), ("en", 9, 11)])
def test_the_topic_before_helps_to_find(language: str, first: int, in_three: int) -> None:
    asked, alone_first, alone_in_three = found(language, with_topic=False)
    _, with_first, with_in_three = found(language, with_topic=True)
    assert asked == 12
    assert with_first >= max(first, alone_first + 1)
    assert with_in_three >= max(in_three, alone_in_three + 1)
