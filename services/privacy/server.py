"""A model server that sees of customers what it may: personal data is taken out before a call and put back after it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from contexts.prompt import Message
from services.drafts import Draft, ModelServer, Notes
from services.metrics import PERSONAL_HIDDEN
from services.privacy.prompts import hide_prompt
from services.privacy.tokens import Hidden
from utils.personal_data import Sight


class PrivateServer:
    """Stands in front of one provider's server; everything that leaves the process for it goes through here."""

    def __init__(self, server: ModelServer, sight: Sight) -> None:
        self._server = server
        self._sight = sight

    def ask(self, messages: Sequence[Message], seconds: float, heard: Callable[[str], None] | None) -> Draft:
        """Return the reply, within some seconds; raises PrivacyError before any call, else what the server raises."""
        told, hidden = self._hidden(messages)
        restored = (lambda text: heard(hidden.restore(text))) if heard else None
        draft = self._server.ask(told, seconds, restored)
        return replace(draft, text=hidden.restore(draft.text), masked={**hidden.counts} or None)

    def summarise(self, messages: Sequence[Message], seconds: float) -> Notes:
        """Return notes on a dialog, in the same way."""
        told, hidden = self._hidden(messages)
        notes = self._server.summarise(told, seconds)
        return replace(notes, text=hidden.restore(notes.text))

    def _hidden(self, messages: Sequence[Message]) -> tuple[list[Message], Hidden]:
        told, hidden = hide_prompt(messages, self._sight)
        for kind in hidden.counts:
            PERSONAL_HIDDEN.labels(kind).inc()
        return told, hidden
