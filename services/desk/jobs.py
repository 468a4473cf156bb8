"""Jobs of the desk: what operators and supervisors do there, and a silent customer's sign of life."""

from enum import StrEnum, auto
from typing import Literal

from pydantic import Field

from services.job import Frozen


class StillHere(Frozen):
    """A customer who was silent says that they are there."""

    kind: Literal["still_here"] = "still_here"


class SignInOperator(Frozen):
    """Somebody types an operator's PIN; `message_id` is the messenger's number of what is deleted then."""

    kind: Literal["sign_in_operator"] = "sign_in_operator"
    pin: str = Field(default="", repr=False)
    message_id: int | None = None


class DeskVerb(StrEnum):
    """What the staff do at the desk by a command or a button of that name."""

    ONLINE = auto()
    AWAY = auto()
    LOGOUT = auto()
    NEXT = auto()
    USE = auto()
    DONE = auto()
    CODE = auto()
    HISTORY = auto()
    QUEUE = auto()
    TRANSFER = auto()
    ESCALATE = auto()
    NOTE = auto()
    CANNED = auto()
    SUGGEST = auto()
    DESK = auto()
    WATCH = auto()
    OPERATORS = auto()


class AtDesk(Frozen):
    """A member of the staff does something at the desk; `words` are what followed the command or the button."""

    kind: Literal["at_desk"] = "at_desk"
    act: DeskVerb
    words: str = ""


DeskJob = StillHere | SignInOperator | AtDesk
