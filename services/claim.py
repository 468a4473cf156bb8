"""Claims: a conversation that is due for its answer is leased, and what it asks is loaded."""

from collections.abc import Callable
from dataclasses import dataclass
from logging import getLogger

from contexts.asked import Asked
from database.db import Database, UnitOfWork
from database.queries.conversation import Claim, Claimed
from database.queries.message import Said
from services.memory import Memory, recall
from services.reply import Outcome
from services.turn import Tools
from utils.encryption import EncryptionError

_log = getLogger(__name__)


@dataclass(frozen=True)
class Question:
    """What a claimed conversation wants answered."""

    claim: Claim
    chat_id: int
    language: str
    said: tuple[Said, ...]
    memory: Memory
    failures: int
    names: tuple[str, ...] = ()
    asked_back: bool = False
    test: bool = False

    @property
    def text(self) -> str:
        """All that was asked since the last answer."""
        return "\n".join(said.body for said in self.said)

    @property
    def asked(self) -> Asked:
        """What to answer, as a composer takes it."""
        memory = self.memory
        return Asked(self.text, self.language, memory.turns, memory.background, self.names, self.asked_back)

    @property
    def traceparent(self) -> str | None:
        """The trace of the newest message."""
        return self.said[-1].traceparent if self.said else None


def claim_due(database: Database, tools: Tools, unopened: Callable[[UnitOfWork, Claimed], None]) -> Question | None:
    """Claim what is due; a question that does not open, because its key is gone, is left to `unopened`."""
    while True:
        with database.unit_of_work() as uow:
            claimed = uow.conversations.claim_due(tools.policy.lease)
            if claimed is None:
                return None
            try:
                return _load(uow, claimed, tools)
            except (EncryptionError, ValueError):
                _log.exception("a question does not open")
                unopened(uow, claimed)


def _load(uow: UnitOfWork, claimed: Claimed, tools: Tools) -> Question:
    said = uow.messages.unanswered(claimed.id)
    memory = recall(uow, claimed, tools, said[0].id) if said else Memory()
    return Question(
        claim=claimed.claim,
        chat_id=claimed.chat_id,
        language=claimed.language or tools.policy.language,
        said=tuple(said),
        memory=memory,
        failures=claimed.failures,
        names=tuple(filter(None, [uow.users.profile_of(claimed.user_id, claimed.profile)])),
        asked_back=bool(memory.turns) and claimed.last_outcome == Outcome.CLARIFY,
        test=claimed.test,
    )
