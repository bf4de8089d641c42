"""TemperatureMix: kinds of queries in shares between their sizes and equal ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from acclimate.errors import RecipeError
from acclimate.parts._codes import places_within
from acclimate.parts._hashing import hashes, salt
from acclimate.parts.part import Context
from acclimate.tables import Queries

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, kw_only=True)
class TemperatureMix:
    """Training queries so that a kind of which there are n has a share as n^(1 / temperature).

    Temperature 1 keeps all, and the most frequent kind rules; the higher it is, the more alike the
    shares. As many stay as these shares allow without asking a query twice.

    Rows: [075].

    Paper:   Maillard et al., Multi-task Retrieval for Knowledge-Intensive Tasks, ACL 2021.
             https://arxiv.org/abs/2101.00117
    Code:    none followed.
    Differs: kinds of queries over one corpus for the paper's tasks, whose shares are not known
             here; queries leave, where mixtures repeat those of small tasks.
    Cost:    a sort of the queries.

    Args:
        temperature: 1 or more.

    Returns:
        The queries kept, in their order, drawn by their ids; those held out stay.

    Example:
        >>> queries = Queries.of(
        ...     {"query_id": f"{k}{n}", "text": k, "kind": k, "split": "train"}
        ...     for k, count in (("a", 16), ("b", 4)) for n in range(count))
        >>> kept = TemperatureMix(temperature=2)(queries, Context())["kind"]
        >>> kept.count("a"), kept.count("b")
        (8, 4)
    """

    stochastic: ClassVar[bool] = True

    temperature: float = 2.0

    def __post_init__(self) -> None:
        """Refuse temperatures that would make large kinds larger."""
        if not self.temperature >= 1:
            raise RecipeError(f"{self!r}: give a temperature of 1 or more.")

    def __call__(self, queries: Queries, ctx: Context) -> Queries:
        """Draw the queries."""
        train = np.asarray([split == "train" for split in queries["split"]], dtype=bool)
        rows, ids, kinds = np.flatnonzero(train), queries["query_id"], queries["kind"]
        names, kind, sizes = np.unique(
            np.asarray([kinds[r] or "" for r in rows], dtype=object),
            return_inverse=True,
            return_counts=True,
        )
        if not len(rows):
            return queries
        wanted = counts(sizes.tolist(), self.temperature)
        luck = hashes([ids[r] for r in rows], salt(ctx, self))
        place = places_within(kind, np.lexsort((luck, kind)))
        kept = ~train
        kept[rows[place < wanted[kind]]] = True
        pairs = zip(names.tolist(), wanted.tolist(), sizes.tolist(), strict=True)
        ctx.note("kinds", {name: {"kept": k, "of": n} for name, k, n in pairs})
        return queries.keep(kept)


def shares(sizes: Sequence[int], temperature: float) -> Array:
    """Shares of kinds of these sizes: n^(1 / temperature) over their sum.

    Example:
        >>> shares([90, 10], temperature=1).round(6).tolist()
        [0.9, 0.1]
    """
    logs = np.log(np.asarray(sizes, dtype=np.float64)) / temperature
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum())


def counts(sizes: Sequence[int], temperature: float) -> Array:
    """How many of each kind, in these shares and as many as there are; one at least."""
    told = shares(sizes, temperature)
    total = float(np.min(np.asarray(sizes) / told))
    return np.maximum(1, np.round(total * told + 1e-9)).astype(np.int64)
