"""Identifiers that grow with time, so that rows written one after another lie beside each other in an index."""

import secrets
from time import time_ns
from uuid import UUID

_RANDOM_BITS = 74


def time_ordered_id() -> UUID:
    """Return a UUID of version 7: 48 bits of Unix milliseconds, then 74 random bits (RFC 9562, section 5.7)."""
    milliseconds = time_ns() // 1_000_000
    random = secrets.randbits(_RANDOM_BITS)
    high, low = random >> 62, random & ((1 << 62) - 1)
    return UUID(int=(milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)
