"""The port of language models: the drafts they make, read from a tool call and checked before anybody believes them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, cast

from pydantic import Field, ValidationError
from pydantic_core import from_json

from contexts.prompt import SAME_LANGUAGE, Message
from services.errors import ModelError
from services.job import Frozen
from services.usage import NOTHING, Usage


@dataclass(frozen=True)
class Draft:
    """What a language model wants to be said; `sources` are numbers of the passages it used, from 1.

    `language` is set when the customer asked to go on in another one; `provider` by whoever chose the server, `masked`
    by whoever hid personal data from it: how much of which class.
    """

    kind: Literal["answer", "not_found", "handover", "clarify"]
    text: str
    sources: tuple[int, ...]
    model: str
    language: str | None = None
    provider: str = ""
    usage: Usage = NOTHING
    masked: Mapping[str, int] | None = None


@dataclass(frozen=True)
class Notes:
    """Notes of a language model, as plain text."""

    text: str
    model: str
    usage: Usage = NOTHING


class LanguageModel(Protocol):
    """A language model that replies by the one tool it is given."""

    def reply(self, messages: Sequence[Message], heard: Callable[[str], None] | None = None) -> Draft:
        """Return the model's reply; `heard` is told the text of an answer as it grows; raises ModelError.

        What `heard` raises ends the call, and passes through.
        """


class ModelServer(Protocol):
    """One server of a language model, asked once: no second attempt, no price.

    Both methods raise ModelError, and ModelAwayError where the server is to blame.
    """

    def ask(self, messages: Sequence[Message], seconds: float, heard: Callable[[str], None] | None) -> Draft:
        """Return the reply, within some seconds."""

    def summarise(self, messages: Sequence[Message], seconds: float) -> Notes:
        """Return notes as plain text, within some seconds."""


class _Arguments(Frozen):
    kind: str = Field(pattern="^(answer|not_found|handover|clarify)$")
    text: str = ""
    sources: tuple[int, ...] = ()
    language: str = SAME_LANGUAGE


class Listening:
    """The arguments of a tool call as they come in pieces; tells `heard` the answer's text whenever it has grown."""

    def __init__(self, heard: Callable[[str], None]) -> None:
        self._heard = heard
        self._told = ""
        self.arguments = ""

    def add(self, piece: str) -> None:
        """Take the next piece of the arguments."""
        self.arguments += piece
        text = growing_text(self.arguments)
        if text != self._told:
            self._told = text
            self._heard(text)


def growing_text(arguments: str) -> str:
    """Return the text of an answer out of arguments that are not complete; "" unless they say that it is one."""
    try:
        known = from_json(arguments, allow_partial="trailing-strings")
    except ValueError:
        return ""
    text = known.get("text") if isinstance(known, dict) and known.get("kind") == "answer" else None
    return text if isinstance(text, str) else ""


def read_draft(arguments: Any, prompt: Sequence[Message], model: str, spent: Usage) -> Draft:
    """Return the draft that a tool call's arguments are, as JSON or as an object.

    Raises ModelError when they are not what was asked for, say nothing, or name passages that were not there.
    """
    try:
        read = _Arguments.model_validate(from_json(arguments) if isinstance(arguments, str) else arguments)
    except (ValidationError, ValueError) as error:
        raise ModelError(type(error).__name__, spent) from error
    if read.kind in ("answer", "clarify") and not read.text.strip():
        raise ModelError("empty answer", spent)
    passages = prompt[-1]["content"].count("<passage ")
    if not all(1 <= number <= passages for number in read.sources):
        raise ModelError("unknown source", spent)
    language = None if read.language == SAME_LANGUAGE else read.language
    return Draft(cast("Any", read.kind), read.text, read.sources, model, language, usage=spent)
