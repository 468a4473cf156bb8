"""An editors' room in one process: people with roles, files, and checks made by the product's own index."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from database.db import Database
from database.models import KnowledgeVersion
from database.queries.golden import NewQuestion
from services.access import Role
from services.knowledge.checks import Checker
from services.knowledge.editing import Editing
from services.knowledge.errors import UncheckedError
from services.knowledge.lifecycle import Dates
from services.knowledge.passages import Chunk
from services.knowledge.questions import Questions
from services.retrieval import Index
from services.wiring_index import make_legs

EDITOR, SUPERVISOR, ADMIN, MODERATOR = 701, 702, 703, 704
FEE, LIMITS = "How much is the card?", "What are the limits for cash?"
CARDS = {FEE: "The card is free.", LIMITS: "100 000 a day at any machine."}


def build(chunks: Sequence[Chunk], language: str) -> Index:
    """Return an index without the trial of its legs, which takes its time."""
    return Index(chunks, make_legs(chunks, language))


@dataclass
class Room:
    """What editors do in a test."""

    database: Database
    woken: int = field(default=0)

    def __post_init__(self) -> None:
        """Give everybody a role."""
        self.editing = Editing(self.database, self._wake, "en")
        self.questions = Questions(self.database, self._wake)
        self.checker = Checker(self.database, build, "en")
        staff = {EDITOR: Role.EDITOR, SUPERVISOR: Role.SUPERVISOR, ADMIN: Role.ADMIN, MODERATOR: Role.MODERATOR}
        with self.database.unit_of_work() as uow:
            for account, role in staff.items():
                uow.roles.grant(account, role, None)

    def uploads(self, entries: dict[str, str], document: str = "cards", by: int = EDITOR) -> UUID:
        """Upload a draft of these questions and answers; returns its key."""
        text = "".join(f"### {question}\n{answer}\n" for question, answer in entries.items())
        preview = self.editing.preview(f"{document}.en.txt", text.encode())
        return self.editing.upload(by, preview, document, "en").id

    def approves(self, version_id: UUID, by: int = SUPERVISOR, dates: Dates | None = None) -> KnowledgeVersion:
        """Approve a draft, after its check."""
        try:
            return self.editing.approve(version_id, by, dates or Dates())
        except UncheckedError:
            self.checker.run()
            return self.editing.approve(version_id, by, dates or Dates())

    def publishes(self, entries: dict[str, str], document: str = "cards") -> UUID:
        """Upload and approve."""
        version_id = self.uploads(entries, document)
        self.approves(version_id)
        return version_id

    def asks(self, question: str, title: str | None = None, document: str | None = None) -> None:
        """Make a question a golden one."""
        self.questions.add(ADMIN, [NewQuestion(question, "en", title, document)])

    def holds(self) -> dict[str, int]:
        """Return the number of the version in force of each document."""
        with self.database.reading() as uow:
            return {version.document: version.number for version in uow.knowledge.current()}

    def _wake(self) -> None:
        self.woken += 1
