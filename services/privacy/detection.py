"""Asks every detector about a text; what overlaps becomes one, and a detector that fails stops everything."""

from collections.abc import Callable, Iterable, Sequence

from services.errors import PrivacyError
from services.privacy.contacts import cards, emails, ibans, introductions, phones, streets
from services.privacy.known import NOBODY, Known
from services.privacy.numbers import accounts, inns, ogrns, passports, snils
from services.privacy.spans import Span, plain

Detector = Callable[[str], Iterable[Span]]

# In the order of their say where two of them, equally sure, mean the same piece of text.
DETECTORS: tuple[Detector, ...] = (
    cards,
    ibans,
    emails,
    accounts,
    ogrns,
    inns,
    phones,
    snils,
    passports,
    introductions,
    streets,
)


def find(text: str, known: Known = NOBODY, detectors: Sequence[Detector] = DETECTORS) -> list[Span]:
    """Return where personal data stands in a text, in order, not overlapping; raises PrivacyError."""
    text = plain(text)
    found: list[tuple[bool, int, Span]] = []
    for rank, detector in enumerate((*detectors, known.spans)):
        try:
            found += [(not span.named, rank, span) for span in detector(text)]
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing may leave
            # The error's own words may quote the text.
            raise PrivacyError(f"{getattr(detector, '__name__', 'a detector')}: {type(error).__name__}") from None
    spans: list[Span] = []
    for _, _, span in sorted(found, key=lambda item: (item[0], item[1], item[2].start)):
        spans = _joined(spans, span)
    return sorted(spans, key=lambda span: span.start)


def _joined(spans: Sequence[Span], new: Span) -> list[Span]:
    """Add a span; what it shares letters with swallows it, and keeps the kind that was said with more right."""
    apart = [span for span in spans if span.end <= new.start or new.end <= span.start]
    touched = [span for span in spans if span not in apart]
    if not touched:
        return [*apart, new]
    start, end = min(new.start, *(s.start for s in touched)), max(new.end, *(s.end for s in touched))
    return [*apart, Span(start, end, touched[0].kind, touched[0].named)]
