"""Short digests of texts, in letters and digits alone."""

from __future__ import annotations

import hashlib
import json
import string

__all__ = ["digest"]

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase


def digest(length: int, *texts: str) -> str:
    """Return letters and digits that other texts do not give, but for chance: one in 62 to the power of `length`."""
    number = int.from_bytes(hashlib.sha256(json.dumps(texts).encode()).digest())
    letters = []
    for _ in range(length):
        number, rest = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[rest])
    return "".join(letters)
