"""How often one person may do what, and how often the bot may write: the limits that front and workers ask for."""

from dataclasses import dataclass

from services.limits import Limit
from services.policy import Policy

_MINUTE = 60.0
_WAYS_OUT = frozenset({"help", "ask_for_person", "end"})  # whoever wrote too much may still reach a person, or stop


@dataclass(frozen=True)
class Rates:
    """The messenger's limits (contract.md, "What counts"): messages a second, and how many may go at once.

    `paid`: the messages of broadcasts may cost something, which lifts the limit (Bot API, `allow_paid_broadcast`).
    """

    per_second: float = 30.0
    chat_per_second: float = 1.0
    chat_burst: int = 3
    paid: bool = False

    def limits(self, bot_key: str, chat_id: int, *, burst: int, kept: int = 0) -> tuple[Limit, Limit]:
        """Return the limits of a message to a chat: `burst` of the bot's go at once, `kept` of the chat's do not."""
        chat = Limit(f"{bot_key}:{chat_id}", 1 / self.chat_per_second, self.chat_burst - kept)
        return chat, Limit(bot_key, 1 / self.per_second, burst)


def limits_for(bot_id: int, telegram_id: int, name: str, policy: Policy) -> tuple[Limit, ...]:
    """Return the limits of an act; `name` is the command, or "message" for everything else."""
    person = f"rate:{bot_id}:{telegram_id}"
    overall = Limit(f"{person}:all", _MINUTE / policy.messages_per_minute, policy.messages_per_minute)
    if name == "message":
        return (overall,)
    own = Limit(f"{person}:{name}", _MINUTE / policy.commands_per_minute, policy.commands_per_minute)
    return (own,) if name in _WAYS_OUT else (overall, own)
