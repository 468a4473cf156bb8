"""Looks at what is about to be said: no foreign links, no secrets, no instructions, nobody else's data."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property

from services.errors import PrivacyError, ServiceError
from services.knowledge.text import sentences
from services.privacy.detection import find
from services.privacy.spans import plain
from utils.links import Link, find_links
from utils.personal_data import SECRETS, DataClass

LONGEST = 8_000  # characters of a draft that are looked at; what comes after is cut off
_SECRET_PIECE, _PROMPT_PIECE = 12, 40  # letters and digits in a row that give something away
_SHORTEST_SECRET = 8
# Keys and tokens of others: OpenAI, Anthropic, AWS, GitHub, Slack, Google, Telegram, JWT, PEM.
_KEY = re.compile(
    r"(?<![A-Za-z0-9])(?:sk-[\w-]{16,}|AKIA[A-Z0-9]{16}|gh[pousr]_\w{20,}|xox[abprs]-[\w-]{10,}|AIza[\w-]{30,}"
    r"|\d{6,}:[A-Za-z0-9_-]{30,}|eyJ[\w-]{10,}\.[\w-]{10,}|-----BEGIN [A-Z ]+-----)"
)
_HIDING = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
_NOT_SAID = re.compile(r"[\W_]+")
_NATIONAL = 10  # digits of a phone without its country's code or trunk prefix
_SPOKEN_OF = frozenset({DataClass.NAME, DataClass.ADDRESS})  # grounding sees to these: a bank has names and addresses


class Leak(ServiceError):  # noqa: N818 - reads as what it says
    """Nothing of a text may be said; the reason is a short word."""


class OutputGuard:
    """Cleans what is about to be said; knows which hosts may be linked to and what must never be told."""

    def __init__(self, allowed_hosts: Collection[str], secrets: Collection[str] = (), instructions: str = "") -> None:
        self._hosts = frozenset(host.lower().removeprefix("www.") for host in allowed_hosts)
        usable = [secret for secret in secrets if len(secret) >= _SHORTEST_SECRET]
        self._secrets = frozenset(piece for secret in usable for piece in _pieces(secret, _SECRET_PIECE))
        self._prompt = frozenset(_pieces(instructions, _PROMPT_PIECE)) if instructions else frozenset()

    def clean(
        self,
        text: str,
        public: Sequence[str] = (),
        said: Sequence[str] = (),
        dropped: Callable[[str], None] = lambda _reason: None,
    ) -> str:
        """Return a text without the sentences that may not be said, perhaps none; raises Leak.

        `public` is what the bank says anyway (the passages), `said` what was said in this very dialog: numbers of
        phones, accounts and documents, and e-mail addresses, must stand in either. Links must lead to an allowed host.
        `dropped` is told why a sentence, or everything, is left out.
        """
        text = _HIDING.sub("", text[:LONGEST])
        reason = "secret" if _KEY.search(text) or self._tells_secret(text) else ""
        reason = reason or ("instructions" if self._tells_instructions(text, public) else "")
        if reason:
            dropped(reason)
            raise Leak(reason)
        own = _Heard([*public, *said])
        lines = (" ".join(self._sentences(line, own, dropped)) for line in text.split("\n"))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def unlinked(self, text: str) -> str:
        """Return a text, such as a title, with an ellipsis in place of links that may not be said."""
        for link in reversed(list(find_links(text))):
            if not self._is_allowed(link):
                text = f"{text[: link.start]}…{text[link.end :]}"
        return text

    def _sentences(self, line: str, own: "_Heard", dropped: Callable[[str], None]) -> Iterator[str]:
        for sentence in sentences(line):
            if foreign := self._foreign(sentence, own):
                dropped(foreign)
            else:
                yield sentence

    def _foreign(self, sentence: str, own: "_Heard") -> str:
        """Return why a sentence may not be said, "" when it may."""
        links = [link for link in find_links(sentence) if not self._is_allowed(link)]
        if not all("@" in link.target[1:] and own.heard(link.target) for link in links):
            return "link"
        try:
            found = find(sentence)
        except PrivacyError:
            return "personal"
        numbers = [span for span in found if span.kind not in _SPOKEN_OF]
        kept = all(
            span.kind not in SECRETS and own.heard(sentence[span.start : span.end], span.kind) for span in numbers
        )
        return "" if kept else "personal"

    def _is_allowed(self, link: Link) -> bool:
        return any(link.host == host or link.host.endswith(f".{host}") for host in self._hosts)

    def _tells_secret(self, text: str) -> bool:
        return bool(self._secrets) and not self._secrets.isdisjoint(_pieces(text, _SECRET_PIECE))

    def _tells_instructions(self, text: str, public: Sequence[str]) -> bool:
        """Tell whether a stretch of the instructions stands in a text, unless the bank says the same to everybody."""
        told = self._prompt.intersection(_pieces(text, _PROMPT_PIECE))
        return bool(told) and not told <= {piece for each in public for piece in _pieces(each, _PROMPT_PIECE)}


class _Heard:
    """What was said before, for telling whether a piece of a text is new; read when that is first asked."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = texts

    @cached_property
    def _text(self) -> str:
        return "\n".join(_bare(text) for text in self._texts)

    def heard(self, piece: str, kind: DataClass = DataClass.EMAIL) -> bool:
        bare = _bare(piece)
        return (bare[-_NATIONAL:] if kind == DataClass.PHONE else bare) in self._text


def _bare(text: str) -> str:
    return _NOT_SAID.sub("", plain(text)).casefold()


def _pieces(text: str, length: int) -> Iterator[str]:
    """Yield every stretch of so many letters and digits; a shorter text is one piece."""
    bare = _bare(text)
    return (bare[at : at + length] for at in range(max(1, len(bare) - length + 1)))
