"""Composes a reply out of sentences that the passages contain, or says that nothing fits."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from sandbox.model.prompt import Passage, Prompt
from sandbox.model.words import is_russian, likeness, sentences, words

_SENTENCES = ((3,), (2, 1))  # of one passage, or of each of two
# With five passages for each row of tests/data 9 of 10 known questions pass, 8 of 10 others are refused.
_FITS = 0.35
_RANK_COST = 0.04  # the caller's order is a judgement too
_NEWS = 0.3  # a second passage must cover this part of the question, left open by the first
_LEAD = 0.1  # of two sentences that fit alike the earlier one says more

_PERSON = re.compile(
    r"""
    (?:позов|соедин|переключ|свяжи|связа|дай|нуж|поговор|пообщ|ответ)\w*\s+(?:\w+\s+){0,3}?
        (?:оператор|человек|специалист|сотрудник|менеджер)
    | (?:хочу|можно|мне)\s+(?:жив\w+\s+)?(?:оператор|человек|специалист)
    | (?:оператор|человек|специалист|сотрудник)\w*\s+(?:позов|дай)
    | \bсо?\s+(?:жив\w+\s+)?(?:оператор|человек)
    | жив\w+\s+(?:оператор|человек|сотрудник|специалист)
    | ^\W*(?:оператор|человек|специалист)\w*\W*$
    | \b(?:call|talk|speak|chat|connect|transfer|put|get|give)\b\s+(?:\w+\s+){0,4}?
        (?:human|person|agent|operator|someone|representative)\b
    | \b(?:want|need)\s+(?:an?\s+)?(?:real\s+|live\s+)?(?:human|person|agent|operator|representative)\b
    | \b(?:real|live)\s+(?:human|person|agent|operator)\b
    | ^\W*(?:human|agent|operator|representative)\W*$
    """,
    re.IGNORECASE | re.VERBOSE,
)


class Kind(StrEnum):
    """What the model decided."""

    ANSWER = "answer"
    NOT_FOUND = "not_found"
    CLARIFY = "clarify"
    HANDOVER = "handover"


@dataclass(frozen=True, slots=True)
class Reply:
    """A decision; the text is empty unless it is an answer, for only passages may speak."""

    kind: Kind
    text: str = ""
    sources: tuple[int, ...] = ()
    language: str = "same"

    def fields(self) -> dict[str, object]:
        """Return the arguments of the tool `reply`."""
        return {
            "kind": str(self.kind),
            "language": self.language,
            "sources": list(self.sources),
            "text": self.text,
        }


def compose(prompt: Prompt) -> Reply:
    """Answer the question with up to three sentences of the passages that fit it best."""
    if _PERSON.search(prompt.question):
        return Reply(Kind.HANDOVER)
    asked = frozenset(words(prompt.question))
    chosen = _choose(asked, prompt.passages)
    if not chosen:
        return Reply(Kind.NOT_FOUND)
    quotas = _SENTENCES[len(chosen) - 1]
    said = [
        (passage.id, line)
        for passage, quota in zip(chosen, quotas, strict=True)
        for line in _best_lines(asked, passage, quota)
    ]
    if not said:
        return Reply(Kind.NOT_FOUND)
    return Reply(Kind.ANSWER, " ".join(line for _, line in said), tuple(dict.fromkeys(id_ for id_, _ in said)))


def unknown(question: str) -> str:
    """Say in the question's language that the passages hold no answer."""
    if is_russian(question):
        return "Не знаю: в материалах, которые у меня есть, ответа нет."
    return "I don't know: the material that I have does not say."


def _choose(asked: AbstractSet[str], passages: Sequence[Passage]) -> list[Passage]:
    """Take the best passage, and a second one if it has much that the first leaves open."""
    ranked = sorted(
        ((_fit(asked, passage) - _RANK_COST * place, place) for place, passage in enumerate(passages)),
        key=lambda scored: (-scored[0], scored[1]),
    )
    if not ranked or ranked[0][0] < _FITS:
        return []
    first, *others = (passages[place] for _, place in ranked)
    covered = frozenset(words(f"{first.title} {first.text}"))
    missing = frozenset(word for word in asked if not likeness(word, covered))
    news = [other for other in others if _fit(missing, other) * len(missing) >= _NEWS * len(asked)]
    return [first, *news[:1]]


def _fit(asked: AbstractSet[str], passage: Passage) -> float:
    return (_coverage(asked, passage.title) + _coverage(asked, f"{passage.title} {passage.text}")) / 2


def _coverage(asked: AbstractSet[str], text: str) -> float:
    """Tell which part of the question's words a text has, 0 to 1."""
    if not asked:
        return 0.0
    present = frozenset(words(text))
    return sum(likeness(word, present) for word in asked) / len(asked)


def _best_lines(asked: AbstractSet[str], passage: Passage, count: int) -> list[str]:
    """Take the most fitting sentences in their own order; a heading repeated in the text is no answer."""
    lines = [line for line in sentences(passage.text) if not line.endswith("?")]
    ranked = sorted(range(len(lines)), key=lambda place: place * _LEAD - _coverage(asked, lines[place]))
    return [lines[place] for place in sorted(ranked[:count])]
