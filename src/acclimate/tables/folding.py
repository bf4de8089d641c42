"""Fold: results for pieces become results for the whole documents they were split from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from acclimate.tables.candidates import Candidates
from acclimate.tables.corpus import Corpus


def fold(found: Candidates, corpus: Corpus) -> Candidates:
    """Results for pieces as results for whole documents: the best piece speaks for its whole.

    Ranks are counted anew within each query, by score; a whole is the source if a piece was.
    """
    if not len(found):
        return found
    parents = parents_of(corpus)
    wholes = [parents.get(doc_id, doc_id) for doc_id in found["doc_id"]]
    names = found["query_id"]
    order_of = {name: n for n, name in enumerate(dict.fromkeys(names))}
    queries = np.array([order_of[name] for name in names])
    order = np.lexsort((found.array("rank"), -found.array("score"), queries))
    best: dict[tuple[str, str], int] = {}
    sources: set[tuple[str, str]] = set()
    is_source = found["is_source"]
    for row in order.tolist():
        key = (names[row], wholes[row])
        best.setdefault(key, row)
        if is_source[row]:
            sources.add(key)
    rows = np.fromiter(best.values(), dtype=np.int64, count=len(best))
    kept = queries[rows]
    first = np.flatnonzero(np.r_[True, kept[1:] != kept[:-1]])
    ranks = np.arange(len(rows)) - np.repeat(first, np.diff(np.r_[first, len(rows)])) + 1
    miners = found["miner"]
    return type(found).columns(
        query_id=[q for q, _ in best],
        doc_id=[d for _, d in best],
        rank=ranks,
        score=found.array("score")[rows],
        is_source=[key in sources for key in best],
        miner=[miners[row] for row in best.values()],
    )


def fold_ranking(ranking: Sequence[tuple[str, float]], corpus: Corpus) -> list[tuple[str, float]]:
    """A ranking of (document, score) with pieces folded to wholes, best first."""
    parents = parents_of(corpus)
    best: dict[str, float] = {}
    for doc_id, score in ranking:
        whole = parents.get(doc_id, doc_id)
        best[whole] = max(score, best.get(whole, score))
    return sorted(best.items(), key=lambda item: -item[1])


def parents_of(corpus: Corpus) -> dict[str, str]:
    """The whole document of each piece."""
    pairs = zip(corpus["doc_id"], corpus["parent_id"], strict=True)
    return {doc_id: parent for doc_id, parent in pairs if parent is not None}
