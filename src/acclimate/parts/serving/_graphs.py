"""Graphs: what both exports do: write, compare with the checkpoint, keep or refuse.

Shapes: Q queries, K results of a query.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, get_args, get_type_hints

import numpy as np

from acclimate.errors import ModelError, RecipeError, TableError, near_miss
from acclimate.models.family import served
from acclimate.models.graphs import RECORD, Runtime, record_of
from acclimate.models.indexes import Flat
from acclimate.models.ref import Hits
from acclimate.models.student import Student
from acclimate.parts.part import Context
from acclimate.parts.serving._folders import Named, laid
from acclimate.tables import Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class Compared(Named):
    """Settings of both exports: how much they must rank as their checkpoint does.

    Args:
        weights: of which kind they are; each export says which there are.
        at_least: share of the first documents that must be the same.
        depth: how many first documents; at most half of those compared.
        documents: how many of the corpus are searched.
        queries: how many are asked.
    """

    runtime: ClassVar[Runtime]
    weights: str
    at_least: float = 0.95
    depth: int = 10
    documents: int = 2_000
    queries: int = 200

    def __post_init__(self) -> None:
        """Refuse settings under which nothing is compared."""
        super().__post_init__()
        choices = get_args(get_type_hints(type(self))["weights"])
        if self.weights not in choices:
            raise RecipeError(f"weights={self.weights!r}.{near_miss(self.weights, choices)}")
        if not 0 <= self.at_least <= 1:
            raise RecipeError(f"at_least={self.at_least}: give a share from 0 to 1.")
        if min(self.depth, self.documents, self.queries) < 1:
            raise RecipeError(f"{self!r}: depth, documents and queries must be at least 1.")


def exported(
    part: Compared, corpus: Corpus, queries: Queries, student: Student, ctx: Context
) -> Path:
    """A folder with the student's graphs, if they rank as the student does."""
    asked = queries.of_split("heldout") or queries
    texts = _evenly(asked["text"], part.queries)
    documents = _evenly(corpus.contents, part.documents)
    if not texts or not documents:
        raise TableError(
            f"{len(asked)} queries and {len(corpus)} documents: rankings cannot be compared. "
            "Give both, or no one knows whether the export ranks as the model does."
        )
    from acclimate.models.exporting import export

    encoder, runtime = student.encoder, part.runtime
    weights: Any = part.weights  # one of those the part names
    name = hashlib.sha256(f"{runtime} {weights} {encoder.fingerprint()}".encode()).hexdigest()
    with laid(ctx, part.name, name) as folder:
        export(encoder, folder.part, runtime, weights)
        depth = min(part.depth, max(1, len(documents) // 2))  # all of them would always agree
        found = [
            ctx.engine.search(index, documents, texts, depth=depth)
            for index in (Flat(encoder), Flat(served(str(folder.part))))
        ]
        share = overlap(found[0], found[1])
        told = {"overlap": share, "top": depth, "queries": len(texts), "documents": len(documents)}
        ctx.note("agreement", told)
        if share < part.at_least:
            raise ModelError(
                f"The export ({runtime}, {weights}) shares {share:.3f} of the first {depth} "
                f"documents with its checkpoint, below {part.at_least:g}; it is not kept. Take "
                "weights='float32', or a lower at_least if that is enough."
            )
        record = record_of(folder.part) | {"agreement": told}
        (folder.part / RECORD).write_text(json.dumps(record, indent=1), "utf-8")
    return folder.path


def overlap(one: Hits, other: Hits) -> float:
    """Mean share of a query's documents that both have, whatever their order."""
    shares = [
        len(np.intersect1d(mine[mine >= 0], theirs)) / max(1, int((mine >= 0).sum()))
        for mine, theirs in zip(one.positions, other.positions, strict=True)
    ]
    return float(np.mean(shares))


def _evenly(texts: Sequence[str], count: int) -> list[str]:
    """So many of the texts, from everywhere."""
    rows = np.linspace(0, len(texts) - 1, min(count, len(texts))).astype(int)
    return [texts[row] for row in rows.tolist()]
