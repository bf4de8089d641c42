"""Graphs: what both exports do: write, compare with the checkpoint, keep or refuse.

Shapes: Q queries, K results of a query.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, get_args, get_type_hints

import numpy as np

from acclimate.errors import ModelError, RecipeError, TableError, near_miss
from acclimate.models.encoders.exported import Exported
from acclimate.models.graphs import RECORD, Runtime, record_of
from acclimate.models.indexes import Flat, Inverted, Reranked
from acclimate.models.ref import Hits
from acclimate.models.scorers.exported_pairs import ExportedPairs
from acclimate.models.student import Student
from acclimate.parts.part import Context
from acclimate.parts.serving._folders import check_name, laid
from acclimate.tables import Corpus, Queries


class Export(Protocol):
    """What both exports are told."""

    @property
    def name(self) -> str: ...

    @property
    def weights(self) -> Any: ...

    @property
    def at_least(self) -> float: ...

    @property
    def depth(self) -> int: ...

    @property
    def documents(self) -> int: ...

    @property
    def queries(self) -> int: ...


def check(part: Export) -> None:
    """Refuse bounds under which nothing is compared.

    Raises:
        RecipeError: when there are such settings.
    """
    check_name(part.name)
    choices = get_args(get_type_hints(type(part))["weights"])
    if part.weights not in choices:
        raise RecipeError(f"weights={part.weights!r}.{near_miss(str(part.weights), choices)}")
    if not 0 <= part.at_least <= 1:
        raise RecipeError(f"at_least={part.at_least}: give a share from 0 to 1.")
    if min(part.depth, part.documents, part.queries) < 1:
        raise RecipeError(f"{part!r}: depth, documents and queries must be at least 1.")


def exported(
    part: Export, runtime: Runtime, tables: tuple[Corpus, Queries], student: Student, ctx: Context
) -> Path:
    """A folder with the student's graphs, if they rank as the student does."""
    corpus, queries = tables
    asked = queries.of_split("heldout") or queries
    texts = _evenly(asked["text"], part.queries)
    documents = _evenly(corpus.contents, part.documents)
    if not texts or not documents:
        raise TableError(
            f"{len(asked)} queries and {len(corpus)} documents: rankings cannot be compared. "
            "Give both, or no one knows whether the export ranks as the model does."
        )
    from acclimate.models.exporting import export

    encoder = student.encoder
    name = hashlib.sha256(f"{runtime} {part.weights} {encoder.fingerprint()}".encode()).hexdigest()
    with laid(ctx, part.name, name) as folder:
        export(encoder, folder.part, runtime, part.weights)
        depth = min(part.depth, max(1, len(documents) // 2))  # all of them would always agree
        found = [
            ctx.engine.search(index, documents, texts, depth=depth)
            for index in (Flat(encoder), _index_of(folder.part))
        ]
        share = overlap(found[0], found[1])
        told = {"overlap": share, "top": depth, "queries": len(texts), "documents": len(documents)}
        ctx.note("agreement", told)
        if share < part.at_least:
            raise ModelError(
                f"The export ({runtime}, {part.weights}) shares {share:.3f} of the first {depth} "
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


def _index_of(folder: Path) -> Any:
    """How an exported model searches: as the family it came from."""
    family = record_of(folder)["family"]
    if family == "CrossEncoder":
        return Reranked(ExportedPairs(str(folder)))
    made = Exported(str(folder))
    return Inverted(made) if family == "SparseEncoder" else Flat(made)


def _evenly(texts: Sequence[str], count: int) -> list[str]:
    """So many of the texts, from everywhere."""
    rows = np.linspace(0, len(texts) - 1, min(count, len(texts))).astype(int)
    return [texts[row] for row in rows.tolist()]
