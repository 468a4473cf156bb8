"""What an editor should look at in a document that was read: remarks, each of a kind that pages say in any language."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum


class Noticed(StrEnum):
    """What was read around; the values are names in the catalogues."""

    NO_HEADING = "no_heading"
    NO_QUESTION = "no_question"
    NO_ANSWER = "no_answer"
    AGAIN = "again"
    MORE_CELLS = "more_cells"
    SCAN = "scan"
    RUNNING = "running"
    NOTE = "note"  # words of a release that kept no kinds


_SENTENCES = {
    Noticed.NO_HEADING: "line {line}: text that stands under no question is left out",
    Noticed.NO_QUESTION: "line {line}: an answer without a question is left out",
    Noticed.NO_ANSWER: "line {line}: no answer to the question: {text}",
    Noticed.AGAIN: "line {line}: the question of line {other} again: {text}",
    Noticed.MORE_CELLS: "line {line}: what stands behind the last column is left out; a cell with {text} needs quotes",
    Noticed.SCAN: "page {line}: no text, a scan perhaps",
    Noticed.RUNNING: "left out, as it stands on most pages: {text}",
    Noticed.NOTE: "{text}",
}


@dataclass(frozen=True, slots=True)
class Remark:
    """Something in a document; `line` (a page in a PDF) counts from 1, `other` is another line, `text` is quoted."""

    line: int
    kind: Noticed
    text: str = ""
    other: int = 0

    def __str__(self) -> str:
        """Return the remark for operators and logs."""
        return _SENTENCES[self.kind].format(**asdict(self))


def kept(remark: Remark) -> dict[str, object]:
    """Return a remark as a JSON object."""
    return asdict(remark)


def remark_of(stored: object) -> Remark:
    """Return a remark as it was kept; raises ValueError, TypeError or KeyError for what is none."""
    if isinstance(stored, Mapping):
        return Remark(**{**stored, "kind": Noticed(stored["kind"])})
    return Remark(0, Noticed.NOTE, str(stored))
