"""What the services raise.

ServiceError
├── WorkerLost           whoever worked on this died of it, as often as may be
├── LimitsAway           how often somebody may do this cannot be asked now
├── WrongTransition      a conversation cannot move from its state by this act
├── Unwanted             somebody came first while an answer was being written
├── DeskRefusal          the desk does not do this; `key` is what the person who asked is told
├── OfficeRefusal        the administrators' office does not do this; `key` is what the person who asked is told
│   └── NotPermitted     somebody's roles do not carry what they asked for
├── ModelError           the language model gave no usable answer
│   ├── ModelAwayError   its server does not serve us now; another attempt may work
│   ├── BudgetSpentError the day's money for models is spent
│   └── PrivacyError     it was not asked: what is personal in the text could not be told
├── DeliveryError        a message could not be sent
│   ├── TransientError   nothing was sent; try again later
│   ├── ThrottledError   nothing was sent; the channel says when to try again
│   ├── OutcomeUnknown   the request left, no answer came: it may have been sent
│   └── PermanentError   it will never work; `reason` says why
└── FileError            a file that somebody sent cannot be given to a reader
    ├── NotAReaderError  the reader has no business with it, or there is no such file
    ├── FileGoneError    the messenger does not have it any more
    ├── FileTooLargeError it is larger than may be fetched, or scanned
    ├── FileRefusedError it is not what it says it is
    │   └── FileInfectedError a scanner found something harmful in it
    └── FilesAwayError   the messenger, the storage or the scanner does not answer now
"""

from services.usage import NOTHING, Usage

BLOCKED = "blocked"  # the reason of a PermanentError: the person blocked the bot


class ServiceError(Exception):
    """Base of the services' errors."""


class WorkerLost(ServiceError):  # noqa: N818 - reads as what it says
    """Whoever worked on this died of it, as often as may be."""


class LimitsAway(ServiceError):  # noqa: N818 - reads as what it says
    """How often somebody may do something cannot be asked: the limiter does not answer."""


class WrongTransition(ServiceError):  # noqa: N818 - reads as what it says
    """A conversation cannot move from its state by this act."""


class Unwanted(ServiceError):  # noqa: N818 - reads as what it says
    """Nobody wants the answer that is being written: a person took over, or the AI was switched off."""


class DeskRefusal(ServiceError):  # noqa: N818 - reads as what it says
    """The desk does not do what somebody asked; `key` and `params` are what they are told."""

    def __init__(self, key: str, **params: object) -> None:
        super().__init__(key)
        self.key = key
        self.params = params


class OfficeRefusal(ServiceError):  # noqa: N818 - reads as what it says
    """The administrators' office does not do what somebody asked; `key` and `params` are what they are told."""

    def __init__(self, key: str, /, **params: object) -> None:
        super().__init__(key)
        self.key = key
        self.params = params


class NotPermitted(OfficeRefusal):
    """Somebody's roles do not carry what they asked for; `permission` names what they lack."""

    def __init__(self, permission: str) -> None:
        super().__init__("admin.not_allowed")
        self.permission = permission


class NotAllowedError(DeskRefusal):
    """Somebody's roles do not carry what they asked the desk for; `permission` names what they lack."""

    def __init__(self, permission: str) -> None:
        super().__init__("refused.not_allowed")
        self.permission = permission


class ModelError(ServiceError):
    """The language model gave no usable answer; `usage` is what that cost all the same."""

    def __init__(self, reason: str, usage: Usage = NOTHING) -> None:
        super().__init__(reason)
        self.usage = usage


class ModelAwayError(ModelError):
    """The model's server does not serve us: it is away, overloaded or knows no such key or model.

    `again` says that another attempt may work, `after` in how many seconds if the server named a time.
    """

    def __init__(self, reason: str, *, again: bool = False, after: float | None = None) -> None:
        super().__init__(reason)
        self.again = again
        self.after = after


class BudgetSpentError(ModelError):
    """The day's money for models is spent; nobody was asked."""


class PrivacyError(ModelError):
    """The model was not asked, because a detector of personal data failed."""


class DeliveryError(ServiceError):
    """A message could not be sent; `reason` is a short, stable word for reports."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TransientError(DeliveryError):
    """Nothing was sent; a later attempt may work."""


class ThrottledError(DeliveryError):
    """Nothing was sent; the channel asks to wait `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__("throttled")
        self.seconds = seconds


class OutcomeUnknown(DeliveryError):  # noqa: N818 - reads as what it says
    """The request left and no answer came: the message may or may not have arrived."""


class PermanentError(DeliveryError):
    """No attempt will ever work, as when the customer blocked the bot."""


class FileError(ServiceError):
    """A file that somebody sent cannot be given to a reader; `code` is a short, stable word."""

    code = "file"


class NotAReaderError(FileError):
    """The reader has no business with the file, or there is no such file: which of both is not told."""

    code = "not_a_reader"


class FileGoneError(FileError):
    """The messenger does not have the file any more."""

    code = "gone"


class FileTooLargeError(FileError):
    """The file is larger than may be fetched, or scanned."""

    code = "too_large"


class FileRefusedError(FileError):
    """The file is not what it says it is."""

    code = "refused"


class FileInfectedError(FileRefusedError):
    """A scanner found something harmful in the file."""

    code = "infected"


class FilesAwayError(FileError):
    """The messenger, the storage or the scanner does not answer now."""

    code = "away"
