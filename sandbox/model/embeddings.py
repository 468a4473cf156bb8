"""Deterministic embeddings: signed hashed character n-grams, L2-normalised."""

import base64
import math
import re
import struct
from collections import Counter
from collections.abc import Iterator
from zlib import crc32

DEFAULT_DIMENSIONS = 1536
_SIZES = (3, 4, 5)
_NO_WORD = re.compile(r"[\W_]+")
_SIGN = 1 << 31


def embed(text: str, dimensions: int = DEFAULT_DIMENSIONS) -> list[float]:
    """Return a vector of length 1; texts that share pieces of words lie near each other."""
    vector = [0.0] * dimensions
    for gram, count in Counter(_grams(text)).items():
        hashed = crc32(gram.encode())
        weight = 1 + math.log(count)
        vector[hashed % dimensions] += weight if hashed & _SIGN else -weight
    length = math.hypot(*vector)
    if length == 0:  # all pieces cancelled one another
        return [1.0, *vector[1:]]
    return [value / length for value in vector]


def pack(vector: list[float]) -> str:
    """Return the base64 form: little-endian 32-bit floats."""
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


def _grams(text: str) -> Iterator[str]:
    folded = f" {_NO_WORD.sub(' ', text.lower().replace('ё', 'е')).strip()} "
    for size in _SIZES:
        for start in range(max(1, len(folded) - size + 1)):
            yield folded[start : start + size]
