"""What customers do around a chat with a person: rate it, leave a message, ask to be called; and who calls them."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from services.job import Frozen


class Rate(Frozen):
    """The customer rates a chat with a person, 1 to 5."""

    kind: Literal["rate"] = "rate"
    conversation_id: UUID
    score: int = Field(ge=1, le=5)


class WantComment(Frozen):
    """The customer wants to add words to a rating."""

    kind: Literal["want_comment"] = "want_comment"
    conversation_id: UUID


class GiveThumb(Frozen):
    """The customer found an answer helpful or not; `message_id` is the messenger's, of the answer."""

    kind: Literal["give_thumb"] = "give_thumb"
    up: bool
    message_id: int


class LeaveMessage(Frozen):
    """The customer wants to be answered by a person once the desk opens."""

    kind: Literal["leave_message"] = "leave_message"


class KeepAsking(Frozen):
    """The customer goes on with the AI while the desk is closed."""

    kind: Literal["keep_asking"] = "keep_asking"


class AskCallback(Frozen):
    """The customer wants to be called; `other` says that it is about another number than the profile's."""

    kind: Literal["ask_callback"] = "ask_callback"
    other: bool = False


class ConfirmCallback(Frozen):
    """The customer confirmed the number to call; `mark` tells which of several."""

    kind: Literal["confirm_callback"] = "confirm_callback"
    mark: str


class TakeCallback(Frozen):
    """A moderator will make a call."""

    kind: Literal["take_callback"] = "take_callback"
    callback_id: int


class FinishCallback(Frozen):
    """A moderator made a call."""

    kind: Literal["finish_callback"] = "finish_callback"
    callback_id: int


_AfterChat = Rate | WantComment | GiveThumb
WaitingJob = _AfterChat | LeaveMessage | KeepAsking | AskCallback | ConfirmCallback | TakeCallback | FinishCallback
