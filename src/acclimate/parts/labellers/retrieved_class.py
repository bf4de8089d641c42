"""RetrievedClass: what was found for a class is of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.parts._codes import coded
from acclimate.parts._pairs import labelled
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class RetrievedClass:
    """Label 1 for every candidate: a document is of the class whose query found it.

    The kind of a query is its class. It is a guess, and wrong at times, for losses that wrong
    labels pull less (`losses.SymmetricCE`, `losses.GeneralizedCE`), with the documents of the other
    queries of a batch as what is not relevant. A document that was found for two classes is of
    neither.

    Rows: [033].

    Paper:   ReGen: Zero-shot classification data by progressive dense retrieval, Findings of ACL
             2023. https://arxiv.org/abs/2305.10703
    Code:    none followed.
    Differs: documents of two classes are left out, which the paper's filter does before.
    Cost:    one pass over the candidates.

    Returns:
        One label per candidate of one class, in the order of the candidates.

    Example:
        >>> queries = Queries.of(
        ...     {"query_id": k, "text": k, "kind": k, "split": "train"} for k in ("sport", "law"))
        >>> found = Candidates.of(
        ...     {"query_id": q, "doc_id": d, "rank": r, "score": 0.0, "is_source": False,
        ...      "miner": "m"} for q, d, r in (("sport", "a", 1), ("law", "b", 1), ("law", "a", 2)))
        >>> RetrievedClass()(queries, found, Context()).dicts()[0]["doc_id"]
        'b'
    """

    def __call__(self, queries: Queries, candidates: Candidates, ctx: Context) -> Labels:
        """Label the candidates."""
        kinds = dict(zip(queries["query_id"], queries["kind"], strict=True))
        numbers: dict[str | None, int] = {}
        told = [numbers.setdefault(kinds[q], len(numbers)) for q in candidates["query_id"]]
        document, names = coded(candidates, "doc_id")
        number = np.asarray(told, dtype=np.int64)
        pairs = np.unique(np.stack([document, number], axis=1), axis=0)
        classes = np.bincount(pairs[:, 0], minlength=len(names))
        alone = classes[document] == 1
        ctx.note("dropped", {"found for two classes": int((classes > 1).sum())})
        values = np.where(alone, np.float32(1), np.float32(np.nan))
        return labelled(candidates, values, "retrieved class")
