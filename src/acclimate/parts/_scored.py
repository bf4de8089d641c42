"""Scored: what a model of any family says of pairs of a query and a document.

Shapes: N pairs, Q queries, U documents, D dimensions.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from acclimate.models.indexes.flat import OWN, Flat
from acclimate.models.ref import Floats, Integers
from acclimate.models.student import Model
from acclimate.parts._pairs import grid
from acclimate.parts.part import Context


def scored(
    model: Model,
    queries: Sequence[str],
    documents: Sequence[str],
    asked: Integers,
    found: Integers,
    ctx: Context,
) -> Floats:
    """Scores of the pairs, (N,).

    Args:
        model: an encoder whose vectors are compared, or one that searches in a way of its own.
        queries: their texts.
        documents: their texts.
        asked: row of each pair's query, (N,).
        found: row of its document, (N,).
        ctx: its engine does the work.
    """
    if type(model) in OWN:
        cells = grid(asked, found)
        texts = [queries[row] for row in cells.queries.tolist()]
        hits = ctx.engine.search(Flat(model), documents, texts, among=cells.documents)
        return cells.of(hits.scores)
    queries_QD = ctx.engine.encode(model, queries, kind="query")
    documents_UD = ctx.engine.encode(model, documents, kind="document")
    scores: Floats = np.einsum("nd,nd->n", queries_QD[asked], documents_UD[found])
    return scores
