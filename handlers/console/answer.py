"""The page of one answer: what was asked and said, and why, for whoever may read it; opening it is written down."""

from collections.abc import Sequence

from database.models import Answer
from handlers.console.console import Visit
from handlers.console.frame import frame
from handlers.console.parts import card, element, link, moment, nothing_here, text
from services.access import Permission
from services.explanation import Explanation, Source

FACTS = ("confidence", "provider", "model", "prompt", "tokens", "cost", "masked", "index", "trace", "conversation")
_MICRO = 1_000_000
_UNKNOWN = "—"


async def answer_page(visit: Visit, answer_id: int) -> None:
    """Build the page."""
    with frame(visit):
        if not visit.may(Permission.READ_ANSWERS):
            text(visit.text("console.nothing"), "hint", "p", "nothing")
            return
        opened = await visit.do(lambda: visit.console.explanations.open(visit.visitor.telegram_id, answer_id))
        if opened is None:
            nothing_here(visit, "/answers", "console.answers")
            return
        explanation, sources = opened
        answer = explanation.answer
        with element("div", "card-head"):
            text(visit.text("console.answer", number=answer.id), tag="h1")
            text(visit.text(f"console.outcome.{answer.outcome}"), f"chip chip-{answer.outcome}", testid="outcome")
        text(moment(answer.created_at), "soft", "p")
        _words(visit, explanation)
        with card(visit.text("console.sources"), "sources"):
            for source in sources:
                _source(visit, source)
            if not sources:
                text(visit.text("console.no_sources"), "hint", "p")
        with card(visit.text("console.reasons"), "reasons"), element("dl", "facts"):
            for key, value in zip(FACTS, _facts(visit, explanation), strict=True):
                text(visit.text(f"console.fact.{key}"), tag="dt")
                text(value, tag="dd", testid=f"fact-{key}")


def _words(visit: Visit, explanation: Explanation) -> None:
    with card(visit.text("console.dialog"), "dialog-card"):
        if explanation.answer.message_id is None:
            text(visit.text("console.not_said"), "hint", "p", "not-said")
            return
        text(visit.text("console.asked"), "soft", "p")
        text(explanation.question or _UNKNOWN, "words", "p", "asked")
        text(visit.text("console.said"), "soft", "p")
        text(explanation.said or _UNKNOWN, "words", "p", "said")


def _source(visit: Visit, source: Source) -> None:
    with element("details", "entry-row", "source"):
        with element("summary"):
            text(source.title, "entry-question")
            text(visit.text("console.score", score=f"{source.score:.3f}"), "tag", testid="score")
        if source.version is not None:
            named = f"{source.document} · {visit.text('console.version', number=source.version.number)}"
            link(named, f"/version/{source.version.id}", testid="source-version")
        else:
            text(" · ".join(filter(None, (source.document, visit.text("console.version_gone")))), "soft", "p")
        text(source.text or visit.text("console.text_gone"), "entry-answer" if source.text else "hint", "p")


def _facts(visit: Visit, explanation: Explanation) -> Sequence[str]:
    """Return the values of FACTS, in their order."""
    answer = explanation.answer
    return (
        f"{answer.confidence:.3f}",
        answer.provider or _UNKNOWN,
        answer.model or _UNKNOWN,
        answer.prompt_version or _UNKNOWN,
        visit.text("console.tokens", into=answer.tokens_in, out=answer.tokens_out),
        f"{answer.cost / _MICRO:.6f}".rstrip("0").rstrip("."),
        _masked(visit, answer),
        answer.index_version or _UNKNOWN,
        explanation.trace or _UNKNOWN,
        str(answer.conversation_id),
    )


def _masked(visit: Visit, answer: Answer) -> str:
    if not answer.masked:
        return visit.text("console.nothing_masked")
    return ", ".join(f"{visit.text(f'console.class.{kind}')}: {number}" for kind, number in answer.masked.items())
