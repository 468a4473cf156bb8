"""How the bank wants its bot to behave: the part of the settings that use cases need."""

from dataclasses import dataclass, field

from services.waiting.rules import WaitingRules


@dataclass(frozen=True)
class Policy:
    """Rules of conversation; times in seconds, sizes in bytes."""

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
    waiting: WaitingRules = field(default_factory=WaitingRules)
