"""What a claimed conversation wants answered: what was said since the last answer, and what came before."""

from dataclasses import dataclass

from database.db import UnitOfWork
from database.queries.conversation import Claim
from database.queries.message import Said
from services.memory import Memory, recall
from services.turn import Tools


@dataclass(frozen=True)
class Question:
    """What a claimed conversation wants answered."""

    claim: Claim
    chat_id: int
    language: str
    said: tuple[Said, ...]
    memory: Memory
    failures: int

    @property
    def text(self) -> str:
        """All that was asked since the last answer."""
        return "\n".join(said.body for said in self.said)

    @property
    def traceparent(self) -> str | None:
        """The trace of the newest message."""
        return self.said[-1].traceparent if self.said else None


def load(uow: UnitOfWork, claim: Claim, tools: Tools) -> Question:
    """Return what a claim is about; raises EncryptionError or ValueError when what was said does not open."""
    conversation = uow.conversations.held(claim)
    user = uow.users.by_id(conversation.user_id)
    said = uow.messages.unanswered(conversation.id)
    return Question(
        claim=claim,
        chat_id=conversation.chat_id,
        language=user.language or tools.policy.language,
        said=tuple(said),
        memory=recall(uow, conversation, tools, said[0].id) if said else Memory(),
        failures=conversation.failures,
    )
