"""Which settings may change while the bot runs, of what kind they are, and whose business they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

from services.access import Permission
from services.waiting.rules import First


class Kind(StrEnum):
    """What a value looks like; the text that says what is wrong with one is named after it."""

    WHOLE = auto()
    NUMBER = auto()
    SWITCH = auto()
    CHOICE = auto()
    HOURS = auto()
    ZONE = auto()
    DAYS = auto()
    PHONE = auto()
    LIST = auto()
    TEXT = auto()


class Area(StrEnum):
    """What settings are about; they are shown together."""

    ANSWERS = auto()
    LIMITS = auto()
    HOURS = auto()
    DESK = auto()
    FILES = auto()
    TEXTS = auto()


_SUPERVISED = frozenset({Area.HOURS, Area.DESK, Area.TEXTS})


@dataclass(frozen=True)
class Field:
    """A setting: `name` is its variable in the environment, or the key of a text and its language."""

    name: str
    area: Area
    kind: Kind
    choices: tuple[str, ...] = ()

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """What somebody has to be allowed one of, to change it."""
        supervised = (Permission.SUPERVISE,) if self.area in _SUPERVISED else ()
        return (Permission.ADMINISTER, *supervised)


FIELDS = (
    Field("ANSWER_FIRST", Area.ANSWERS, Kind.CHOICE, tuple(First)),
    Field("ANSWER_UNREGISTERED", Area.ANSWERS, Kind.SWITCH),
    Field("AUTO_REPLY_ENABLED", Area.ANSWERS, Kind.SWITCH),
    Field("AUTO_REPLY_INTERVAL_SECONDS", Area.ANSWERS, Kind.NUMBER),
    Field("MISSES_BEFORE_PERSON", Area.ANSWERS, Kind.WHOLE),
    Field("EMERGENCY_PHONE", Area.ANSWERS, Kind.PHONE),
    Field("USER_MESSAGES_PER_MINUTE", Area.LIMITS, Kind.WHOLE),
    Field("USER_COMMANDS_PER_MINUTE", Area.LIMITS, Kind.WHOLE),
    Field("OPENING_HOURS", Area.HOURS, Kind.HOURS),
    Field("CLOSED_DAYS", Area.HOURS, Kind.DAYS),
    Field("TIME_ZONE", Area.HOURS, Kind.ZONE),
    Field("REOPEN_HOURS", Area.HOURS, Kind.NUMBER),
    Field("OPERATOR_CHATS", Area.DESK, Kind.WHOLE),
    Field("SERVICE_LEVEL_SECONDS", Area.DESK, Kind.NUMBER),
    Field("OFFER_SECONDS", Area.DESK, Kind.NUMBER),
    Field("WRAP_UP_SECONDS", Area.DESK, Kind.NUMBER),
    Field("OPERATOR_SILENT_MINUTES", Area.DESK, Kind.NUMBER),
    Field("CUSTOMER_SILENT_MINUTES", Area.DESK, Kind.NUMBER),
    Field("CUSTOMER_CLOSE_MINUTES", Area.DESK, Kind.NUMBER),
    Field("REOPEN_MINUTES", Area.DESK, Kind.NUMBER),
    Field("DISPOSITION_CODES", Area.DESK, Kind.LIST),
    Field("BREAK_REASONS", Area.DESK, Kind.LIST),
    Field("OPERATOR_PIN_REQUIRED", Area.LIMITS, Kind.SWITCH),
    Field("OPERATOR_SESSION_HOURS", Area.LIMITS, Kind.NUMBER),
    Field("MAX_IMAGE_SIZE_MB", Area.FILES, Kind.WHOLE),
    Field("MAX_FILE_SIZE_MB", Area.FILES, Kind.WHOLE),
    Field("FILE_TYPES", Area.FILES, Kind.LIST),
    Field("PROTECT_CONTENT", Area.FILES, Kind.SWITCH),
)

# What the bank may say in words of its own; a consent is not among them: its text has a version.
TEXTS = (
    "start.hello",
    "start.again",
    "answer.extract",
    "answer.degraded",
    "answer.not_found",
    "answer.failed",
    "handover.queued",
    "handover.nobody",
    "handover.ai_off",
    "waiting.closed",
    "waiting.shut",
    "waiting.quick",
    "emergency.fraud",
    "emergency.lost_card",
    "emergency.secrets",
    "end.done",
)
_BETWEEN = "/"


def text_field(key: str, language: str) -> Field:
    """Return the field of a text in a language."""
    return Field(f"{key}{_BETWEEN}{language}", Area.TEXTS, Kind.TEXT)


def text_of(name: str) -> tuple[str, str]:
    """Return the key and the language that a text's field is named after; no language when it is none."""
    key, _, language = name.partition(_BETWEEN)
    return key, language


def find(name: str, languages: Sequence[str]) -> Field | None:
    """Return the field of a name, or None."""
    key, language = text_of(name)
    if key in TEXTS and language in languages:
        return text_field(key, language)
    return next((field for field in FIELDS if field.name == name), None)


def fields_of(area: Area, languages: Sequence[str]) -> list[Field]:
    """Return the fields of an area; of the texts those in some languages."""
    if area == Area.TEXTS:
        return [text_field(key, language) for language in languages for key in TEXTS]
    return [field for field in FIELDS if field.area == area]
