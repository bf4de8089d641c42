"""Random choices that do not depend on the order of rows: every id brings its own numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np

from acclimate.parts.part import Context

Hashes = np.ndarray[Any, np.dtype[np.uint64]]


def salt(ctx: Context, part: object) -> int:
    """A number that depends on the seed and on this part's settings."""
    return int(ctx.rng(part).integers(2**63))


def hashes(ids: Iterable[str], salt: int) -> Hashes:
    """A uniform 64-bit number for each id: the same for the same id and salt, anywhere."""
    key = salt.to_bytes(8, "little")
    digests = b"".join(
        hashlib.blake2b(i.encode("utf-8", "surrogatepass"), digest_size=8, key=key).digest()
        for i in ids
    )
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def mixed(a: Hashes, b: Hashes) -> Hashes:
    """One uniform number of two, elementwise (splitmix64's finaliser)."""
    x = a * np.uint64(0x9E3779B97F4A7C15) + b
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(x ^ (x >> np.uint64(31)), dtype=np.uint64)


def rng_of(item: str, salt: int) -> np.random.Generator:
    """Random numbers of one item, whatever else there is."""
    return np.random.Generator(np.random.PCG64(int(hashes([item], salt)[0])))
