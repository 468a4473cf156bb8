"""How a version does on the golden questions, as pages show it."""

from handlers.console.console import Visit
from handlers.console.parts import element, text
from services.knowledge.golden import DEPTH, GoldenResult, Place


def scores(visit: Visit, golden: GoldenResult) -> None:
    """Show how many answers stand where, without a version and with it."""
    text(visit.text("console.golden_asked", number=len(golden.places)), "soft", "p")
    with element("div", "scores"):
        for depth, label in ((1, visit.text("console.first")), (DEPTH, visit.text("console.first_three"))):
            with element("div", "score"):
                text(label, "soft")
                text(f"{golden.before(depth)} → {golden.after(depth)}", "figure", testid=f"score-{depth}")


def lost(visit: Visit, place: Place) -> None:
    """Show a question whose answer moved back."""
    after = place.after or visit.text("console.nowhere")
    with element("div", "change", "lost"):
        text(place.question, "entry-question")
        text(f"{place.before} → {after}", "tag")
        text(place.expected, "soft")
