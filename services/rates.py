"""How often one person may do what: the limits the front asks for, and the worker when the front could not."""

from services.policy import Policy
from services.ports import Limit

_MINUTE = 60.0
_WAYS_OUT = frozenset({"help", "ask_for_person", "end"})  # whoever wrote too much may still reach a person, or stop


def limits_for(bot_id: int, telegram_id: int, name: str, policy: Policy) -> tuple[Limit, ...]:
    """Return the limits of an act; `name` is the command, or "message" for everything else."""
    person = f"rate:{bot_id}:{telegram_id}"
    overall = Limit(f"{person}:all", _MINUTE / policy.messages_per_minute, policy.messages_per_minute)
    if name == "message":
        return (overall,)
    own = Limit(f"{person}:{name}", _MINUTE / policy.commands_per_minute, policy.commands_per_minute)
    return (own,) if name in _WAYS_OUT else (overall, own)
