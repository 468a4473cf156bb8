"""Jobs around broadcasts: the staff's dialogue and its buttons, and customers who want none or want them again."""

from enum import StrEnum, auto
from typing import Literal
from uuid import UUID

from services.job import Frozen


class OpenBroadcast(Frozen):
    """Somebody of the staff begins a broadcast, perhaps with its text, as typed and as HTML where it is formatted."""

    kind: Literal["open_broadcast"] = "open_broadcast"
    text: str = ""
    html: str = ""


class BroadcastVerb(StrEnum):
    """What is done with a broadcast by a button of that name."""

    SHOW = auto()
    CONTENT = auto()
    LINKS = auto()
    WHOM = auto()
    LANG = auto()
    TIER = auto()
    ACTIVE = auto()
    SILENT = auto()
    TAG = auto()
    LIST = auto()
    ALL = auto()
    KIND = auto()
    WHEN = auto()
    AT = auto()
    PREVIEW = auto()
    TRIAL = auto()
    SEND = auto()
    WITHDRAW = auto()
    APPROVE = auto()
    REJECT = auto()
    PAUSE = auto()
    RESUME = auto()
    STOP = auto()
    REPORT = auto()
    CANCEL = auto()


class AtBroadcast(Frozen):
    """A button under a broadcast; `message_id` is the messenger's number of the message that it stands under."""

    kind: Literal["at_broadcast"] = "at_broadcast"
    act: BroadcastVerb
    broadcast_id: UUID
    word: str = ""
    message_id: int | None = None


class LeaveDraft(Frozen):
    """Somebody leaves what they were drafting (`/cancel`)."""

    kind: Literal["leave_draft"] = "leave_draft"


class Subscribe(Frozen):
    """A customer wants the bank's marketing, or wants none."""

    kind: Literal["subscribe"] = "subscribe"
    on: bool


BroadcastJob = OpenBroadcast | AtBroadcast | LeaveDraft | Subscribe
