"""The answers of a while ago: the same question is answered without asking the model again."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import SQLAlchemyError

from contexts.asked import Asked
from contexts.followup import goes_on
from database.queries.scope import Vault
from services.drafts import LanguageModel
from services.metrics import CACHE
from services.ports import Library, Words
from services.reply import Composer, Grow, Outcome, Reply
from services.scrutiny import NO_LINKS, Scrutiny
from services.usage import NOTHING
from utils.encryption import EncryptionError
from utils.masking import redact

_MASK = "•"  # stands where a secret was masked
_ENDINGS = " ?!.…"
_BURST = 5  # messages that got one answer; more in so short a time are rare, and the reply's own time ends it
_REPLY = TypeAdapter(Reply)


class AnswerCache(Protocol):
    """Answers of a while ago; one that is away has none and keeps none."""

    def get(self, key: str) -> bytes | None:
        """Return what was put under a key, if it is still there."""

    def put(self, key: str, value: bytes, seconds: int) -> None:
        """Keep a value for some seconds."""

    def forget(self, key: str) -> None:
        """Keep a value no longer, if it is there."""


class Answers:
    """Looks up and keeps replies under keyed hashes, sealed, for some seconds.

    Kept is what a model answered to a question alone: nothing personal in it, nothing said before it. So it may be said
    to whoever asks the same, as long as the question stands by itself.
    """

    def __init__(self, cache: AnswerCache, vault: Vault, bot_id: int, seconds: int) -> None:
        self._cache = cache
        self._vault = vault
        self._bot_id = bot_id
        self._seconds = seconds

    def recall(self, question: str, language: str, version: str) -> Reply | None:
        """Return what was answered to this question under this version of the knowledge."""
        if not self._seconds or personal(question) or goes_on(question):
            CACHE.labels("not_asked").inc()
            return None
        key = self._key(question, language, version)
        sealed = self._cache.get(key)
        if sealed is None:
            CACHE.labels("miss").inc()
            return None
        try:
            reply = _REPLY.validate_json(self._vault.open(sealed, key))
        except (EncryptionError, ValidationError):  # of a key or a release that is gone
            CACHE.labels("unreadable").inc()
            return None
        CACHE.labels("hit").inc()
        return reply

    def keep(self, question: str, language: str, version: str, reply: Reply) -> None:
        """Keep a model's answer to a question alone."""
        if not self._seconds or reply.outcome is not Outcome.ANSWERED or reply.language or personal(question):
            return
        reply = replace(reply, usage=NOTHING)  # what it cost was paid once
        key = self._key(question, language, version)
        self._cache.put(key, self._vault.seal(_REPLY.dump_json(reply).decode(), key), self._seconds)

    @property
    def seconds(self) -> int:
        """For how long a reply is kept."""
        return self._seconds

    def places(self, said: Sequence[str], language: str, version: str) -> list[str]:
        """Return under which keys replies may lie to what somebody said lately, in one message or several."""
        starts = range(len(said))
        bursts = ["\n".join(said[start:end]) for start in starts for end in range(start + 1, start + 1 + _BURST)]
        return sorted({self._key(burst, language, version) for burst in bursts if burst})

    def forget(self, key: str) -> None:
        """Keep a reply no longer."""
        self._cache.forget(key)

    def _key(self, question: str, language: str, version: str) -> str:
        asked = " ".join(unicodedata.normalize("NFKC", question).casefold().split()).rstrip(_ENDINGS)
        named = "\n".join((str(self._bot_id), language, version, asked))
        return f"answer:{self._vault.index.of(named).hex()}"


class CachingComposer(Composer):
    """A composer that asks the answers of a while ago first."""

    def __init__(
        self,
        library: Library,
        words: Words,
        model: LanguageModel | None,
        answers: Answers,
        scrutiny: Scrutiny = NO_LINKS,
    ) -> None:
        super().__init__(library, words, model, scrutiny)
        self._answers = answers

    def compose(self, asked: Asked, grow: Grow | None = None) -> Reply:
        """Return the reply to what is asked, as a composer does."""
        version = self._version()
        if asked.back or version is None:
            return replace(super().compose(asked, grow), index_version=version)
        if reply := self._answers.recall(asked.question, asked.language, version):
            return reply
        reply = replace(super().compose(asked, grow), index_version=version)
        if asked.alone and not reply.masked:
            self._answers.keep(asked.question, asked.language, version, reply)
        return reply

    def _version(self) -> str | None:
        """Return what is searched; None where nothing can be, which the search itself will find out."""
        try:
            return self._library.version
        except SQLAlchemyError:
            raise
        except Exception:  # noqa: BLE001 - whatever became of the knowledge
            return None


def personal(question: str) -> bool:
    """Tell whether a question names anything of a person's own."""
    return _MASK in question or redact(question) != question
