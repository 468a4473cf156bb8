"""The control API: latency and faults at run time, and the journal of every request."""

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.model.answer import Kind, Reply
from sandbox.model.errors import ApiError
from sandbox.model.settings import ModelSettings

PENDING = "pending"


class Scripted(BaseModel):
    """A reply put into the model's mouth: the arguments of its tool."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind = Kind.ANSWER
    text: str = ""
    sources: tuple[int, ...] = ()
    language: str = "same"

    def reply(self) -> Reply:
        """Return it as the model's own."""
        return Reply(self.kind, self.text, self.sources, self.language)


class Plan(BaseModel):
    """What `PUT /control/model` takes; a field left out returns to what the server was started with.

    `hang` never answers, `refuse` cuts the connection, `status` answers with that status, `garbled` sends
    broken JSON or a stream cut midway. `times` ends the fault after so many hits. `pace` are seconds between the
    events of a stream. `reply` is what the model says to everybody, in place of thinking about it.
    """

    model_config = ConfigDict(extra="forbid")

    latency: float = Field(0.0, ge=0)
    jitter: float = Field(0.0, ge=0)
    pace: float = Field(0.0, ge=0)
    reply: Scripted | None = None
    fault: Literal["hang", "refuse", "status", "garbled"] | None = None
    status: int = Field(500, ge=400, le=599)
    times: int | None = Field(None, ge=0)
    seed: int | None = None


@dataclass(slots=True)
class Entry:
    """One request in the journal.

    The outcome is `pending`, what was answered (`answer`, `not_found`, `clarify`, `handover`, `embeddings`, `models`),
    `gone` when the client left first, `error:<status>` or `fault:<kind>`.
    """

    seq: int
    at: str
    path: str
    model: str | None = None
    messages: list[Any] = field(default_factory=list)
    tools: list[Any] = field(default_factory=list)
    stream: bool = False
    outcome: str = PENDING

    def view(self) -> dict[str, Any]:
        """Return the entry as JSON shows it."""
        return {name: getattr(self, name) for name in self.__slots__}


class Control:
    """The plan in force and the journal."""

    def __init__(self, settings: ModelSettings) -> None:
        self._start = {name: getattr(settings, name) for name in ("latency", "jitter", "pace", "seed")}
        self._journal: deque[Entry] = deque(maxlen=settings.journal_size)
        self._seq = 0
        self._apply(Plan(**self._start))

    def enter(self, path: str) -> Entry:
        """Write a request down as it arrives."""
        self._seq += 1
        entry = Entry(self._seq, datetime.now(UTC).isoformat(), path)
        self._journal.append(entry)
        return entry

    def delay(self) -> float:
        """Draw how many seconds a request waits."""
        return self._plan.latency + self._random.uniform(0, self._plan.jitter)

    @property
    def pace(self) -> float:
        """Seconds between the events of a stream."""
        return self._plan.pace

    @property
    def scripted(self) -> Reply | None:
        """What the model is told to say, if it is."""
        return self._plan.reply.reply() if self._plan.reply else None

    def draw(self) -> Plan | None:
        """Return the plan if its fault strikes now, and count the hit."""
        if self._plan.fault is None or self._plan.times == 0:
            return None
        if self._plan.times is not None:
            self._plan.times -= 1
        return self._plan

    async def put(self, request: Request) -> Response:
        """Set latency and faults."""
        try:
            plan = Plan.model_validate_json(await request.body())
        except ValidationError as error:
            raise ApiError.of_body(error) from error
        self._apply(Plan(**self._start | plan.model_dump(exclude_unset=True)))
        return JSONResponse(self._plan.model_dump(mode="json"))

    async def journal(self, _request: Request) -> Response:
        """Show every request since the start or the last reset."""
        return JSONResponse({"requests": [entry.view() for entry in self._journal]})

    async def reset(self, _request: Request) -> Response:
        """Forget faults and journal; requests that hang go on hanging until their clients leave."""
        self._journal.clear()
        self._apply(Plan(**self._start))
        return Response(status_code=204)

    def _apply(self, plan: Plan) -> None:
        self._plan = plan
        self._random = Random(plan.seed)  # noqa: S311 - repeatable on purpose, nothing secret
