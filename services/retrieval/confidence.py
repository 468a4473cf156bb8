"""How sure it is that the best passage answers a question: a logistic curve over what speaks for it."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """A score, the most that a text could have scored, and what a word that no text has adds to that."""

    value: float
    ceiling: float
    word: float

    def of(self, slack: float) -> float:
        """Return the score's share of its ceiling and of `slack` unknown words on top; 0 without any ceiling."""
        return self.value / max(self.ceiling + slack * self.word, 1e-9)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a passage.

    `stems`, `characters` and `sentence` (the best one of the passage) are shares of what was reachable; `covered` is
    the share, 0 to 1, of the question's letters that one sentence holds; `lead` holds how far the three scores are
    above those of the next passage. `titled` says whether it is an entry with its question or a heading.
    """

    titled: bool
    stems: Share
    characters: Share
    sentence: Share
    covered: float
    lead: tuple[Share, Share, Share]


# An entry's title is worded like the question that it answers. A short question has a low ceiling, which one
# common word nearly reaches; three unknown words on top of every ceiling make up for that.
_SLACK_WORDS = 3.0
# Fitted by `python -m benchmarks.retrieval.fit`, as docs/retrieval.md says: first for entries (stems, characters), then
# for plain passages (stems, characters, sentence, covered, lead). The constants are moved so that 95 % of answerable
# questions reach .45; those of entries in Russian, where fewer do than in English.
ENTRY = (-4.68, 27.88, 20.19)
PLAIN = (-5.32, 9.42, 2.43, 5.18, 2.81, 3.37)


def features(evidence: Evidence) -> tuple[float, ...]:
    """Return what is weighed: two numbers for an entry, five for a plain passage."""
    if evidence.titled:
        return (evidence.stems.of(_SLACK_WORDS), evidence.characters.of(_SLACK_WORDS))
    shares = (evidence.stems.of(0), evidence.characters.of(0), evidence.sentence.of(0))
    return (*shares, evidence.covered, sum(share.of(0) for share in evidence.lead))


def confidence(evidence: Evidence) -> float:
    """Return how sure it is that the knowledge answers, 0 to 1."""
    constant, *slopes = ENTRY if evidence.titled else PLAIN
    weighed = sum(slope * value for slope, value in zip(slopes, features(evidence), strict=True))
    return 1 / (1 + math.exp(-(constant + weighed)))
