"""How the bot behaves towards a customer."""

from settings.group import Group, env


class ConversationSettings(Group):
    """How the bot behaves towards a customer."""

    language: str = env("DEFAULT_LANGUAGE", default="ru")
    region: str = env("DEFAULT_REGION", default="RU", min_length=2, max_length=2)
    answer_unregistered: bool = env("ANSWER_UNREGISTERED", default=True)
    debounce: float = env("DEBOUNCE_SECONDS", default=0.8, ge=0, le=30)
    debounce_max: float = env("DEBOUNCE_MAX_SECONDS", default=2.5, ge=0, le=60)
    lease: float = env("LEASE_SECONDS", default=20.0, ge=1, le=300)
    history: int = env("HISTORY_LIMIT", default=10, ge=0, le=100)
    context_tokens: int = env("CONTEXT_TOKENS", default=1_500, ge=100, le=100_000)
    misses: int = env("MISSES_BEFORE_PERSON", default=2, ge=1, le=1_000)
    emergency_phone: str = env("EMERGENCY_PHONE", default="", pattern=r"^([+\d][\d\s()\-]{2,39})?$")
    messages_per_minute: int = env("USER_MESSAGES_PER_MINUTE", default=20, ge=1, le=1_000_000)
    commands_per_minute: int = env("USER_COMMANDS_PER_MINUTE", default=10, ge=1, le=1_000_000)
