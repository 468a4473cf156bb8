"""Identifiers that grow with time, so that rows written one after another lie beside each other in an index."""

import secrets
from time import time_ns
from uuid import UUID

_MILLISECOND = 1_000_000  # nanoseconds
_RANDOM_BITS = 62


def time_ordered_id() -> UUID:
    """Return a UUID of version 7: 48 bits of Unix milliseconds, 12 bits of what is left of the time, 62 random bits.

    (RFC 9562, section 5.7, and method 3 of section 6.2, so that what one process makes grows within a millisecond too.)
    """
    milliseconds, rest = divmod(time_ns(), _MILLISECOND)
    fraction = (rest << 12) // _MILLISECOND
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | secrets.randbits(_RANDOM_BITS))
