"""How the bank wants its bot to behave: the part of the settings that use cases need."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.broadcast.rules import BroadcastRules
from services.waiting.rules import WaitingRules


@dataclass(frozen=True)
class DeskRules:
    """Rules of the operators' desk; times in seconds, `chats` at a time for an operator.

    `codes` and `breaks` are what a closed chat and a break may be called.
    """

    pin_required: bool = False
    session: float = 43_200.0
    chats: int = 3
    offer: float = 45.0
    wrap_up: float = 30.0
    operator_silent: float = 600.0
    customer_silent: float = 900.0
    customer_close: float = 300.0
    reopen: float = 600.0
    service_level: float = 120.0
    codes: tuple[str, ...] = ("solved", "complaint", "fraud", "no_answer", "other")
    breaks: tuple[str, ...] = ("break", "lunch", "training", "meeting")


@dataclass(frozen=True)
class Policy:
    """Rules of conversation; times in seconds, sizes in bytes; `kept_days` by class of data, 0 for no end."""

    language: str = "ru"
    region: str = "RU"
    consent_version: str = "2026-11"
    answer_unregistered: bool = True
    debounce: float = 0.8
    debounce_max: float = 2.5
    lease: float = 20.0
    history: int = 10
    context_tokens: int = 1_500
    emergency_phone: str = ""
    misses: int = 2
    messages_per_minute: int = 20
    commands_per_minute: int = 10
    protect: bool = True
    max_image: int = 10 * 2**20
    max_file: int = 20 * 2**20
    file_types: frozenset[str] = frozenset({"pdf", "jpg", "png", "txt"})
    kept_days: Mapping[str, int] = field(default_factory=dict)
    waiting: WaitingRules = field(default_factory=WaitingRules)
    desk: DeskRules = field(default_factory=DeskRules)
    broadcasts: BroadcastRules = field(default_factory=BroadcastRules)
