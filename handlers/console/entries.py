"""Entries of the knowledge as pages show them, and what two versions differ in."""

from collections.abc import Sequence

from handlers.console.console import Visit
from handlers.console.parts import element, text
from services.knowledge.compare import Comparison
from services.knowledge.parse import Entry

_MOST = 200  # of a list; a page with thousands helps nobody


def entries(visit: Visit, found: Sequence[Entry]) -> None:
    """Show entries, each of which unfolds."""
    for entry in found[:_MOST]:
        with element("details", "entry-row", "entry"):
            with element("summary"):
                text(entry.question, "entry-question")
                if entry.section:
                    text(entry.section, "tag")
            if entry.alternatives:
                text(" · ".join(entry.alternatives), "soft", "p")
            text(entry.answer, "entry-answer", "p")
    if len(found) > _MOST:
        text(visit.text("console.more", number=len(found) - _MOST), "hint", "p")


def differences(visit: Visit, found: Comparison) -> None:
    """Show what came, went and changed."""
    for entry in found.removed[:_MOST]:
        _change(entry.question, entry.answer, None)
    for change in found.changed[:_MOST]:
        _change(change.after.question, change.before.answer, change.after.answer)
    for entry in found.added[:_MOST]:
        _change(entry.question, None, entry.answer)
    unseen = sum(max(0, len(group) - _MOST) for group in (found.removed, found.changed, found.added))
    if unseen:
        text(visit.text("console.more", number=unseen), "hint", "p")
    text(visit.text("console.same", number=found.same), "hint", "p")


def _change(question: str, before: str | None, after: str | None) -> None:
    with element("div", "change", "change"):
        text(question, "entry-question", "p")
        if before is not None:
            text(before, "removed", "del")
        if after is not None:
            text(after, "added", "ins")
