"""The catalogues with what the bank says in words of its own in their place."""

from collections.abc import Sequence
from contextlib import suppress

from services.ports import Words
from services.running.port import RunningSettings
from utils.i18n import ParameterError, fill


class OwnWords:
    """Words of which some may be changed while the bot runs; only texts without a plural are."""

    def __init__(self, words: Words, running: RunningSettings) -> None:
        self._words = words
        self._running = running

    @property
    def languages(self) -> Sequence[str]:
        """The languages there are."""
        return self._words.languages

    def text(self, lang: str, key: str, **params: object) -> str:
        """Return a text as HTML with its parameters put in (escaped).

        Words that want what is not given any more, in another version of the program, give way to the catalogue's.
        """
        if (own := self._running.text(lang, key)) is not None:
            with suppress(ParameterError):
                return fill(key, own, params)
        return self._words.text(lang, key, **params)

    def plural(self, lang: str, key: str, n: int, **params: object) -> str:
        """Return a text whose form depends on a number."""
        return self._words.plural(lang, key, n, **params)

    def pick(self, language_code: str | None) -> str:
        """Return the catalogue's language nearest to what a messenger says."""
        return self._words.pick(language_code)
