"""Summaries in the background: what fell out of a dialog's window is told in a few sentences, by a model or without."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from logging import getLogger
from typing import Protocol
from uuid import UUID

from contexts.prompt import Message, Turn
from contexts.summary import LONGEST, brief, summary_messages
from contexts.window import beginning
from database.db import Database, UnitOfWork
from services.errors import ModelError
from services.memory import turns_of
from services.metrics import SUMMARIES
from services.policy import Policy
from utils.encryption import EncryptionError
from utils.masking import redact
from utils.tracing import span

_LEASE = 300.0  # seconds until another worker tries: longer than any model may take
_BATCH = 100  # messages told at once

_log = getLogger(__name__)


class Summariser(Protocol):
    """A language model that writes notes."""

    def summarise(self, messages: Sequence[Message]) -> str:
        """Return the notes that a prompt asks for; raises ModelError."""


@dataclass(frozen=True)
class Overflow:
    """What a conversation wants summed up: the summary so far, and the turns after `after` up to `up_to`.

    `names` are the customer's, which no model sees.
    """

    conversation_id: UUID
    previous: str
    turns: tuple[Turn, ...]
    after: int
    up_to: int
    names: tuple[str, ...]


class Summarising:
    """Sums up what does not fit into the window; without a model by the customer's own first sentences."""

    def __init__(self, database: Database, policy: Policy, summariser: Summariser | None) -> None:
        self._database = database
        self._policy = policy
        self._summariser = summariser

    def run_due(self) -> int:
        """Sum up until nothing is due any more; returns how many summaries were kept."""
        kept = 0
        while True:
            with self._database.unit_of_work() as uow:
                conversation_id = uow.memory.claim_summary(_LEASE)
                if conversation_id is None:
                    return kept
                overflow = self._overflow(uow, conversation_id)
            if overflow:
                kept += self._keep(overflow, self._told(overflow))

    def _overflow(self, uow: UnitOfWork, conversation_id: UUID) -> Overflow | None:
        """Return what fell out, half a window beyond it, so that not every answer wants a summary."""
        conversation = uow.conversations.lock(conversation_id)
        assert conversation is not None  # noqa: S101 - it was claimed in this transaction
        after = uow.memory.begins_after(conversation)
        try:
            said = uow.messages.history(conversation_id, _BATCH, after=after)
            previous = uow.memory.summary(conversation)
            name = uow.users.profile(uow.users.by_id(conversation.user_id))
        except (EncryptionError, ValueError):
            _log.exception("a dialog does not open")
            conversation.summary_due_at = None
            return None
        turns = turns_of(said)
        start = beginning(turns, self._policy.history // 2, self._policy.context_tokens // 2)
        if start == 0:
            conversation.summary_due_at = None
            return None
        return Overflow(
            conversation_id, previous, tuple(turns[:start]), after, said[start - 1].id, (name,) if name else ()
        )

    def _told(self, overflow: Overflow) -> str:
        if self._summariser:
            try:
                with span("summary"):
                    # Notes need nobody's numbers, so that what is personal does not leave with them.
                    turns = [replace(turn, text=redact(turn.text)) for turn in overflow.turns]
                    text = self._summariser.summarise(
                        summary_messages(overflow.previous, turns, overflow.names)
                    ).strip()
                if text:
                    SUMMARIES.labels("model").inc()
                    return text[:LONGEST]
            except ModelError as error:
                _log.warning("the model gave no summary, taking first sentences", extra={"error": str(error)})
        SUMMARIES.labels("extract").inc()
        return brief(overflow.previous, overflow.turns)

    def _keep(self, overflow: Overflow, text: str) -> bool:
        """Keep a summary, unless another one or a `/reset` came first."""
        with self._database.unit_of_work() as uow:
            conversation = uow.conversations.lock(overflow.conversation_id)
            if conversation is None or uow.memory.begins_after(conversation) != overflow.after:
                return False
            uow.memory.keep(conversation, text, overflow.up_to)
            conversation.summary_due_at = None
            return True
