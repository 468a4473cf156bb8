"""What a model wants to be said goes through here: guarded, then held against the passages; so do quotations."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from logging import getLogger

from services.drafts import Draft
from services.grounding import check
from services.guard import Leak, OutputGuard
from services.knowledge.passages import Chunk, Passage
from services.knowledge.text import sentences
from services.metrics import ANSWERS_GUARDED
from utils.figures import figures

_LONGEST_QUESTION = 300  # characters of what the model asks back

Dropped = Callable[[str], None]  # told why a sentence, or all of an answer, is not said

_log = getLogger(__name__)


@dataclass(frozen=True)
class Held:
    """Drafts on one question are held against its passages; nothing personal is named but what this dialog named."""

    guard: OutputGuard
    passages: tuple[Passage, ...]
    question: str
    said: tuple[str, ...]

    def draft(self, draft: Draft) -> Draft:
        """Return a draft as it may be said; one of which nothing is left does not answer."""
        match draft.kind:
            case "answer":
                text = self._supported(draft.text, _count)
            case "clarify":
                text = self._asked(draft.text)
            case _:
                return replace(draft, text="")
        return replace(draft, text=text) if text else replace(draft, kind="not_found", text="", sources=())

    def growing(self, text: str) -> str:
        """Return what may be shown of an answer that is still being written; looks at it are counted nowhere."""
        return self._supported(text, lambda _reason: None)

    def _supported(self, text: str, dropped: Dropped) -> str:
        """Return the sentences that the passages support and that give nothing away; perhaps none."""
        grounded = check(self._clean(text, dropped), self.passages, self.question)
        for _ in grounded.dropped:
            dropped("unsupported")
        return grounded.text

    def _asked(self, text: str) -> str:
        """Return what of a question back may be asked: questions, with figures that somebody named already."""
        known = figures("\n".join([*self._public, self.question]))
        kept = [
            sentence
            for sentence in sentences(self._clean(text[:_LONGEST_QUESTION], _count))
            if sentence.endswith("?") and all(any(own.stands_for(f) for own in known) for f in figures(sentence))
        ]
        return " ".join(kept)

    def is_foreign(self, language: str) -> bool:
        """Tell whether the passages are in another language: then words cannot be held against words."""
        return all(passage.chunk.language != language for passage in self.passages)

    def _clean(self, text: str, dropped: Dropped) -> str:
        try:
            return self.guard.clean(text, self._public, self.said, dropped)
        except Leak as leak:
            _log.warning("an answer would have given something away", extra={"reason": str(leak)})
            return ""

    @property
    def _public(self) -> list[str]:
        chunks = (passage.chunk for passage in self.passages)
        return ["\n".join((chunk.title, *chunk.alternatives, chunk.text)) for chunk in chunks]


class Scrutiny:
    """Lets through what may be said; knows nothing of a conversation but what it is given."""

    def __init__(self, guard: OutputGuard) -> None:
        self._guard = guard

    def holding(self, passages: Sequence[Passage], question: str, history: Sequence[str]) -> Held:
        """Return what holds drafts on a question against its passages, in a dialog."""
        return Held(self._guard, tuple(passages), question, (question, *history))

    def quotation(self, text: str) -> str:
        """Return what of the bank's own text may be quoted: all but sentences with links that lead elsewhere."""
        try:
            return self._guard.clean(text, public=[text], dropped=_count)
        except Leak as leak:
            _log.warning("the knowledge holds what may not be said", extra={"reason": str(leak)})
            return ""

    def title(self, chunk: Chunk) -> str:
        """Return a chunk's title as it may be named."""
        return self._guard.unlinked(chunk.title)


def _count(reason: str) -> None:
    ANSWERS_GUARDED.labels(reason).inc()


NO_LINKS = Scrutiny(OutputGuard(()))
