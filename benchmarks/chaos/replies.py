"""What kind of reply a text is: each gets a slot, such as `privacy.show` or `answer:<code word>`."""

import re
from html import unescape

from benchmarks.chaos.words import Vocabulary
from benchmarks.installation import ROOT
from utils.i18n import Catalogues, placeholders

LANGUAGE = "en"
_MARK = "\N{SECTION SIGN}"
_NAME = re.compile(r"Customer\d+")
_RELAY = re.compile(r"<b>(?:👤|👩‍💼) [^<]*</b>\n(.*)", re.DOTALL)

# The catalogue's texts that a run meets, each told by its beginning.
_NAMED = ("handover.call", "handover.yours")  # these carry the customer's name
_PLAIN = (
    "start.hello",
    "language.ask",
    "privacy.show",
    "mode.ask",
    "handover.queued",
    "handover.noted",
    "handover.joined",
    "handover.already_queued",
    "handover.already_with_person",
    "handover.taken",
    "handover.gone",
    "handover.nobody",
    "end.done",
    "end.done_staff",
    "end.nothing",
    "unsupported.command",
    "unsupported.sticker",
    "unsupported.poll",
    "unsupported.location",
    "unsupported.voice",
    "unsupported.photo",
    "unsupported.document",
    "unsupported.edited",
    "refused.unavailable",
    "refused.not_allowed",
    "refused.too_fast",
    "error.dead",
    "button.stale",
    "answer.failed",
    "answer.not_found",
)
# What the product says of itself, to people who wait or have ended a chat and to operators; nothing waits for it.
ASIDES = (
    "waiting.quick",
    "waiting.moved",
    "waiting.longer",
    "rating.ask",
    "desk.header",
    "desk.header_none",
    "desk.suggestion",
)
_AI = ("answer.ai", "answer.extract", "answer.degraded")


class Slots:
    """Tells texts apart by the product's own catalogue."""

    def __init__(self, words: Vocabulary) -> None:
        self._words = words
        texts = Catalogues.load(ROOT / "locales", default=LANGUAGE)

        def beginning(key: str) -> str:
            filled = dict.fromkeys(placeholders(texts.template(LANGUAGE, key)), _MARK)
            return texts.text(LANGUAGE, key, **filled).partition(_MARK)[0]

        self._plain = {key: beginning(key) for key in _PLAIN}
        self._named = {key: beginning(key) for key in _NAMED}
        self._asides = {key: beginning(key) for key in ASIDES}
        self._ai = tuple(beginning(key) for key in _AI)

    def of(self, text: str) -> tuple[str, ...]:
        """Return the slots that a text may fill; `strange` when it is nothing that a run should meet."""
        for key, start in self._named.items():
            if text.startswith(start) and (name := _NAME.search(text)):
                return (f"{key}:{name.group()}",)
        if relay := _RELAY.fullmatch(text):
            return (f"relay:{unescape(relay.group(1))}",)
        for key, start in (self._asides | self._plain).items():
            if text.startswith(start):
                return (key,)
        if text.startswith(self._ai) and (codes := self._words.codes_in(text)):
            return tuple(f"answer:{code}" for code in dict.fromkeys(codes))
        return ("strange",)


def spoken_by_ai(slots: tuple[str, ...], *, waits: bool = False) -> bool:
    """Return whether the machine says this; to customers who still wait for a person it may quote the knowledge."""
    return slots[0].startswith("answer") or (slots[0] == "waiting.quick" and not waits)
