"""Sample: a few of each query's candidates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.parts._codes import coded, places_within
from acclimate.parts._hashing import hashes, mixed, salt
from acclimate.parts.part import Context
from acclimate.tables import Candidates


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The source document and `per_query` other candidates of each query, drawn evenly.

    GPL draws one candidate per query and update; drawn before labelling, as many as that comes
    to, each pair is scored once. Which are drawn depends on the ids alone: the same sample of the
    same candidates in any order, and sampling twice changes nothing.

    Rows: [P1].

    Paper:   Wang et al., GPL, NAACL 2022, section 4. https://arxiv.org/abs/2112.07577
    Code:    UKPLab/gpl, gpl/toolkit/dataset.py and pl.py.
    Differs: without replacement: a candidate is drawn once per query or not at all.
    Cost:    one sort of the candidates.

    Args:
        per_query: candidates of each query besides its source. GPL: steps · batch / queries = 18.

    Returns:
        The candidates kept, rows and order unchanged, so that ranks have gaps.

    Example:
        >>> from acclimate.parts.miners.random_documents import RandomDocuments
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> mined = RandomDocuments(count=9)(toys.CORPUS, toys.WRITTEN.head(1), Context())
        >>> len(mined), Sample(per_query=3)(mined, Context())["is_source"]
        (10, [True, False, False, False])
    """

    per_query: int = 18

    def __post_init__(self) -> None:
        """Refuse negative counts."""
        if self.per_query < 0:
            raise RecipeError(f"Sample(per_query={self.per_query}): give 0 or more.")

    def __call__(self, candidates: Candidates, ctx: Context) -> Candidates:
        """Draw the candidates."""
        key = salt(ctx, self)
        query, queries = coded(candidates, "query_id")
        document, documents = coded(candidates, "doc_id")
        luck = mixed(hashes(queries, key)[query], hashes(documents, key)[document])
        source = candidates.array("is_source").astype(bool)
        order = np.lexsort((luck, source, query))  # per query, the source last
        kept = source | (places_within(query, order) < self.per_query)
        ctx.note("dropped", {"not drawn": int((~kept).sum())})
        return candidates.keep(kept)
