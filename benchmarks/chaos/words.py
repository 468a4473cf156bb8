"""The knowledge of a run: entries about invented names, each with a code word that answers can be told by."""

import re
from dataclasses import dataclass
from random import Random

_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"
_ENTRIES = 240
_WORD = re.compile(r"[a-z]+")
FILLERS = ("Hi", "Please")


@dataclass(frozen=True)
class Vocabulary:
    """Names, and the code word of each."""

    codes: dict[str, str]

    @property
    def names(self) -> list[str]:
        """Everything that can be asked for."""
        return list(self.codes)

    def question(self, name: str) -> str:
        """Return the question that the entry of this name answers."""
        return f"What is the vault word of {name}?"

    def knowledge(self) -> str:
        """Return the knowledge file."""
        entries = (
            f"### {self.question(name)}\nThe vault word of {name} is {code}.\n" for name, code in self.codes.items()
        )
        return "## Vault words\n" + "\n".join(entries)

    def codes_in(self, text: str) -> list[str]:
        """Return the code words that a text quotes, in their order."""
        known = set(self.codes.values())
        return [word for word in _WORD.findall(text) if word in known]


def make_vocabulary(seed: int) -> Vocabulary:
    """Invent the names and code words of a run."""
    draw = Random(seed)

    def word(syllables: int) -> str:
        return "".join(draw.choice(_CONSONANTS) + draw.choice(_VOWELS) for _ in range(syllables))

    return Vocabulary({word(4).title(): word(6) for _ in range(_ENTRIES)})
