"""Why an answer was said, told to an auditor who asks; who opens an answer is written down."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from database.db import Database, UnitOfWork
from database.models import Answer, AuditAct, Author, KnowledgeVersion
from database.queries.answer import Wanted
from services.access import Permission, allowed
from services.dialog import spoken
from services.errors import ServiceError
from services.knowledge.passages import chunks_of
from services.knowledge.stock import entry_of

_TURNS = 4  # of the dialog before an answer, where its question stands


class NotForYou(ServiceError):  # noqa: N818 - reads as what it says
    """The account may not read answers."""

    code = "not_permitted"


class NoSuchAnswer(ServiceError):  # noqa: N818 - reads as what it says
    """There is no answer of that number."""

    code = "unknown_answer"


@dataclass(frozen=True)
class Source:
    """A passage that an answer rests on; `version` and `text` are there as long as the knowledge keeps them."""

    title: str
    document: str
    score: float
    version: KnowledgeVersion | None = None
    text: str = ""


@dataclass(frozen=True)
class Explanation:
    """An answer with the words around it; `question` and `said` are empty when nothing was said to the customer."""

    answer: Answer
    question: str = ""
    said: str = ""

    @property
    def trace(self) -> str:
        """The id of the trace in which the answer was made, "" where there was none."""
        return (self.answer.traceparent or "--").split("-")[1]


class Explanations:
    """Answers and their reasons for whoever may read them; who opens one is written down in the same transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def search(self, by: int, wanted: Wanted, limit: int) -> list[tuple[Answer, int]]:
        """Return answers with the number of their chat, newest first, but no words; raises NotForYou."""
        with self._database.reading() as uow:
            _require(uow, by)
            return uow.answers.found(wanted, limit)

    def open(self, by: int, answer_id: int) -> tuple[Explanation, list[Source]]:
        """Return all about an answer, and write down who read it; raises NotForYou or NoSuchAnswer."""
        with self._database.unit_of_work() as uow:
            _require(uow, by)
            if (answer := uow.answers.by_id(answer_id)) is None:
                raise NoSuchAnswer
            return read(uow, answer, by), list(_sources(uow, answer))


def read(uow: UnitOfWork, answer: Answer, by: int | None) -> Explanation:
    """Return an answer with what was asked and said, and write down that somebody (None: an operator) read it."""
    uow.audit.record(
        AuditAct.ANSWER_READ, actor=by, subject=f"answer:{answer.id}", conversation=str(answer.conversation_id)
    )
    if answer.message_id is None:
        return Explanation(answer)
    before = uow.messages.history(answer.conversation_id, _TURNS, before=answer.message_id)
    asked: list[str] = []
    for said in reversed(before):
        if said.author != Author.CUSTOMER:
            break
        asked.insert(0, said.body)
    message = uow.messages.said(answer.message_id)
    return Explanation(answer, "\n".join(asked), spoken(message) if message else "")


def _require(uow: UnitOfWork, by: int) -> None:
    if not allowed(uow.roles.of(by), Permission.READ_ANSWERS):
        raise NotForYou


def _sources(uow: UnitOfWork, answer: Answer) -> Iterator[Source]:
    """Yield the passages of an answer with the words that they had in the versions that it was made from."""
    for passage in answer.passages:
        version = _version(uow, passage)
        title = str(passage.get("title", passage["chunk"]))
        text = _text(uow, version, title, passage) if version else ""
        score = float(str(passage["score"]))
        yield Source(title, str(passage.get("document", "")), score, version, text)


def _version(uow: UnitOfWork, passage: Mapping[str, object]) -> KnowledgeVersion | None:
    try:
        return uow.knowledge.get(UUID(str(passage.get("version", ""))))
    except ValueError:
        return None


def _text(uow: UnitOfWork, version: KnowledgeVersion, title: str, passage: Mapping[str, object]) -> str:
    rows = uow.knowledge.titled(version.id, [title])
    chunks = chunks_of(map(entry_of, rows), version.language)
    return next((chunk.text for chunk in chunks if chunk.id == passage["chunk"]), "")
