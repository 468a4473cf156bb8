"""Finds the language of those who have not chosen one."""

from collections.abc import Collection, Sequence

from middlewares.chain import Incoming


class Locale:
    """Keeps of Telegram's language code what there is a catalogue for."""

    def __init__(self, languages: Collection[str]) -> None:
        self._languages = frozenset(languages)

    def __call__(self, batch: Sequence[Incoming]) -> None:
        """Put the catalogue's language in place of the messenger's code ("en-GB" → "en")."""
        for incoming in batch:
            code = (incoming.sender.language_code or "").partition("-")[0].lower()
            language = code if code in self._languages else None
            incoming.sender = incoming.sender.model_copy(update={"language_code": language})
