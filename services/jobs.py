"""What the front asks the workers to do: one typed job per update, stored sealed in the inbox."""

from enum import StrEnum, auto
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.administration.jobs import Administer
from services.broadcast.jobs import BroadcastJob
from services.desk.jobs import DeskJob
from services.job import Frozen
from services.jobs_spoken import Edit, Share, Spoken, TakeBack
from services.privacy_rights.jobs import Exercise
from services.waiting.jobs import WaitingJob

NO_MESSAGES = frozenset({"command", "too_long"})  # what the bot itself does not take, whoever is on the other side
LONGEST = 2000  # characters of a question; retrieval and models gain nothing from more


class Sender(Frozen):
    """Who sent the update, as the channel shows them; personal, so it travels only inside the sealed job."""

    telegram_id: int
    name: str = ""
    language_code: str | None = None


class Refusal(StrEnum):
    """Why the front let nothing through."""

    NOT_ALLOWED = auto()
    TOO_FAST = auto()
    UNAVAILABLE = auto()
    BARRED = auto()


class Start(Frozen):
    """The person opened the bot, perhaps by a deep link."""

    kind: Literal["start"] = "start"
    payload: str = ""


class ChooseLanguage(Frozen):
    """The person asks for the list of languages, or picked one."""

    kind: Literal["choose_language"] = "choose_language"
    language: str | None = None


class Consent(Frozen):
    """The person answered the consent text of a version."""

    kind: Literal["consent"] = "consent"
    version: str
    given: bool


class ShareContact(Frozen):
    """The person shared a contact card; `owner_id` is whose card it is, if Telegram knows."""

    kind: Literal["share_contact"] = "share_contact"
    phone: str
    owner_id: int | None = None
    shared: Share | None = None  # the same for a person on the other side


class ConfirmPhone(Frozen):
    """The person confirmed, or took back, a number read back to them; `mark` tells which of several."""

    kind: Literal["confirm_phone"] = "confirm_phone"
    right: bool
    mark: str


class Say(Spoken):
    """Free text: a question, a typed phone, or words for the person on the other side."""

    kind: Literal["say"] = "say"


class Unsupported(Frozen):
    """Something that the bot does not work with and that people cannot send each other, such as a poll."""

    kind: Literal["unsupported"] = "unsupported"
    what: str


class AskForPerson(Frozen):
    """The customer wants a person (`/help`, or the button under an answer)."""

    kind: Literal["ask_for_person"] = "ask_for_person"


class End(Frozen):
    """Either side ends the conversation."""

    kind: Literal["end"] = "end"


class TakeChat(Frozen):
    """A moderator takes a waiting customer."""

    kind: Literal["take_chat"] = "take_chat"
    conversation_id: UUID


class ChooseMode(Frozen):
    """The customer asks who answers first, or chose."""

    kind: Literal["choose_mode"] = "choose_mode"
    mode: str | None = None


class Reset(Frozen):
    """The customer wants the assistant to forget what was said."""

    kind: Literal["reset"] = "reset"


class SwitchTest(Frozen):
    """A tester wants to talk to the AI as a test, or no longer."""

    kind: Literal["switch_test"] = "switch_test"


class ShowPrivacy(Frozen):
    """The customer asks what is kept."""

    kind: Literal["show_privacy"] = "show_privacy"


class OpenAdmin(Frozen):
    """An administrator opens the panel."""

    kind: Literal["open_admin"] = "open_admin"


class SwitchAi(Frozen):
    """An administrator turns the AI on or off."""

    kind: Literal["switch_ai"] = "switch_ai"
    on: bool
    message_id: int | None = None  # of the panel that the button stood under


class Membership(Frozen):
    """The person blocked the bot, or came back."""

    kind: Literal["membership"] = "membership"
    blocked: bool


class Refused(Frozen):
    """The front refused; the person is told why. `what` is the permission that was wanting."""

    kind: Literal["refused"] = "refused"
    reason: Refusal
    seconds: int = 0
    what: str = ""


class StaleButton(Frozen):
    """A button whose meaning is not known any more."""

    kind: Literal["stale_button"] = "stale_button"


_Talk = Start | ChooseLanguage | Consent | ShareContact | ConfirmPhone | Say | Share | Edit | TakeBack
_Ways = Unsupported | AskForPerson | End | Reset | SwitchTest
_Acts = TakeChat | ChooseMode | ShowPrivacy | Exercise | OpenAdmin | SwitchAi | Administer
Job = _Talk | _Ways | _Acts | DeskJob | WaitingJob | BroadcastJob | Membership | Refused | StaleButton


class Envelope(Frozen):
    """A job with its sender, as the inbox keeps it.

    `callback_id` names the button press to acknowledge. `unchecked` is set when the rate limits could not be
    asked: the worker asks them again (contract.md, "When a part is away").
    """

    sender: Sender
    job: Annotated[Job, Field(discriminator="kind")]
    callback_id: str | None = None
    unchecked: bool = False
