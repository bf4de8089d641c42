"""Documents that are asked for queries, and the queries that come back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from acclimate.models.ref import Integers
from acclimate.parts._asking import Said
from acclimate.parts._hashing import hashes, salt
from acclimate.parts.generators._written import rows_of
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries


def drawn(part: object, corpus: Corpus, count: int | None, ctx: Context) -> Corpus:
    """`count` documents drawn by their ids, in the order of the corpus; None: all."""
    if count is None or count >= len(corpus):
        return corpus
    luck = hashes(corpus["doc_id"], salt(ctx, part))
    return corpus.take(np.sort(np.argsort(luck, kind="stable")[:count]))


def dealt(part: object, corpus: Corpus, shares: Sequence[float], ctx: Context) -> Integers:
    """Which of several kinds each document is asked for, (N,): by shares, drawn by its id."""
    luck = hashes(corpus["doc_id"], salt(ctx, (part, "kinds"))).astype(np.float64) / 2.0**64
    bounds = np.cumsum(shares) / np.sum(shares)
    return np.minimum(np.searchsorted(bounds, luck, side="right"), len(shares) - 1)


def queries_of(
    corpus: Corpus, said: Sequence[Sequence[Said]], kind: Callable[[int], str]
) -> Queries:
    """What was said of each document as its queries; those without an answer are left out."""
    rows = []
    for row, doc_id in enumerate(corpus["doc_id"]):
        texts = ((kind(row), answer.text, answer.log_prob) for answer in said[row] if answer.text)
        rows += rows_of(doc_id, texts)
    return Queries.of(rows)
