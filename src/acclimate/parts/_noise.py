"""Noise: words of a text that are left out, masked or moved."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pyarrow as pa

from acclimate.parts._hashing import rng_of
from acclimate.tables import Queries

Noise = Literal["delete", "shuffle", "mask", "sequential", "none"]
"""What happens to words; "sequential" does three of them in the order shuffle, delete, mask."""


def noised_queries(queries: Queries, noise: Noise, share: float, mask: str, salt: int) -> Queries:
    """The queries with noise in those that train; one that would be empty stays.

    Args:
        queries: each has random numbers of its own, whatever other queries there are.
        noise: what is done to their words.
        share: of the words.
        mask: what stands for a masked word.
        salt: decides the random numbers.
    """
    texts = []
    for query, text, split in zip(
        queries["query_id"], queries["text"], queries["split"], strict=True
    ):
        words = noised(text.split(), noise, share, mask, rng_of(query, salt))
        texts.append(" ".join(words) if words and split == "train" else text)
    column = queries.schema.get_field_index("text")
    return Queries(queries.rows.set_column(column, "text", pa.array(texts, pa.string())))


def noised(
    words: list[str], noise: Noise, share: float, mask: str, rng: np.random.Generator
) -> list[str]:
    """Words with noise.

    Args:
        words: of a text.
        noise: what is done to them.
        share: of the words; each is left out or masked with this probability, and the nearest
            whole number of them change places.
        mask: what stands for a masked word.
        rng: draws which.
    """
    if noise in {"shuffle", "sequential"}:
        words = _shuffled(words, share, rng)
    if noise in {"delete", "sequential"}:
        words = [word for word in words if rng.random() >= share]
    if noise in {"mask", "sequential"}:
        words = [mask if rng.random() < share else word for word in words]
    return words


def _shuffled(words: list[str], share: float, rng: np.random.Generator) -> list[str]:
    chosen = np.sort(rng.permutation(len(words))[: round(share * len(words))])
    mixed = list(words)
    for place, other in zip(chosen, rng.permutation(chosen), strict=True):
        mixed[place] = words[other]
    return mixed
