"""`python -m benchmarks.triggers [FILE…]`: how well triggers are found in labelled phrases, by language and part.

A file has the columns `text,trigger` ("none" where nothing is to be found) and its language before the ending of its
name. Half of each list, chosen by a checksum of the text, is held out: phrases are tuned on the other half.
"""

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from services.triggers import Trigger, find

_LISTS = Path(__file__).resolve().parent.parent / "tests" / "data"
NONE = "none"


@dataclass(frozen=True)
class Phrase:
    """A labelled phrase and what was found in it."""

    text: str
    wanted: str
    found: str

    @property
    def held_out(self) -> bool:
        """Whether nobody tuned on it."""
        return crc32(self.text.encode()) % 2 == 1


@dataclass(frozen=True)
class Counts:
    """How often a trigger was there, was found, and was found where it was."""

    there: int
    found: int
    right: int

    @classmethod
    def of(cls, phrases: Sequence[Phrase], trigger: str) -> "Counts":
        """Count one trigger over phrases."""
        there = [phrase for phrase in phrases if phrase.wanted == trigger]
        found = [phrase for phrase in phrases if phrase.found == trigger]
        return cls(len(there), len(found), sum(phrase.wanted == trigger for phrase in found))

    @property
    def precision(self) -> float:
        """Share of what was found that is right; 1 when nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of what is there that was found; 1 when nothing is there."""
        return self.right / self.there if self.there else 1.0


def lists() -> list[Path]:
    """Return the project's own lists."""
    return sorted(_LISTS.glob("triggers.*.csv"))


def read(path: Path) -> list[Phrase]:
    """Read a list and look for triggers in it."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Phrase(row["text"], row["trigger"], find(row["text"]) or NONE) for row in csv.DictReader(file)]


def table(path: Path, phrases: Sequence[Phrase]) -> Iterator[str]:
    """Yield the lines that report on a list."""
    parts = {"tuned": [p for p in phrases if not p.held_out], "held out": [p for p in phrases if p.held_out]}
    for part, chosen in parts.items():
        for trigger in (*Trigger, NONE):
            counts = Counts.of(chosen, trigger)
            yield (
                f"{path.suffixes[0][1:]:<3} {part:<9} {trigger:<10} there {counts.there:>3}  found {counts.found:>3}  "
                f"right {counts.right:>3}  precision {counts.precision:.3f}  recall {counts.recall:.3f}"
            )


def main() -> int:
    """Print the table and, if asked, what went wrong in the part that may be tuned on."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.triggers")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--misses", choices=["tuned", "all"], help="also print what was found wrongly")
    options = parser.parse_args()
    for path in options.files or lists():
        phrases = read(path)
        print(*table(path, phrases), sep="\n")
        for phrase in phrases:
            if phrase.found != phrase.wanted and (options.misses == "all" or (options.misses and not phrase.held_out)):
                print(f"    {phrase.wanted} → {phrase.found}: {phrase.text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
