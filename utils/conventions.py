"""Attributes of spans by OpenTelemetry's semantic conventions; none of them is personal.

Names and values: https://opentelemetry.io/docs/specs/semconv/ (messaging, db, gen_ai), as strings, so that nobody
who only names them imports the package that lists them.
"""

from collections.abc import Mapping

Attributes = Mapping[str, str | bool | float | None]

_SEVERAL = 2  # by the conventions one message or one row is no batch


def messaging(system: str, kind: str, name: str, destination: str | None = None, messages: int = 1) -> Attributes:
    """Describe a message: `kind` is "send", "receive" or "process", `name` what the system itself calls that.

    A chat is never a destination here: its number is somebody's.
    """
    return {
        "messaging.system": system,
        "messaging.operation.type": kind,
        "messaging.operation.name": name,
        "messaging.destination.name": destination,
        "messaging.batch.message_count": messages if messages >= _SEVERAL else None,
    }


def insert(system: str, table: str, rows: int = 1) -> Attributes:
    """Describe a transaction that ends with rows in a table; `system` is "postgresql" or "sqlite"."""
    return {
        "db.system.name": system,
        "db.operation.name": "INSERT",
        "db.collection.name": table,
        "db.operation.batch.size": rows if rows >= _SEVERAL else None,
    }


def chat(provider: str, model: str) -> Attributes:
    """Describe a call of a language model, named as the provider calls it; `provider` such as "openai"."""
    return {"gen_ai.operation.name": "chat", "gen_ai.provider.name": provider, "gen_ai.request.model": model}


def reply(model: str, tokens_in: int | None = None, tokens_out: int | None = None) -> Attributes:
    """Describe what a language model replied: which one it was, and the tokens it counted."""
    return {
        "gen_ai.response.model": model,
        "gen_ai.usage.input_tokens": tokens_in,
        "gen_ai.usage.output_tokens": tokens_out,
    }


def retrieval(passages: int, confidence: float) -> Attributes:
    """Describe a search of the knowledge: how much it found, and how sure that holds the answer (0 to 1)."""
    return {"gen_ai.operation.name": "retrieval", "bot.passages": passages, "bot.confidence": confidence}
