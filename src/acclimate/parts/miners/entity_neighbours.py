"""EntityNeighbours: the documents that share a context with the one a query was written from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.ref import Hits
from acclimate.parts._contexts import Contexts
from acclimate.parts._sources import sources
from acclimate.parts.miners._found import candidates
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class EntityNeighbours:
    """The context of a query's source: what speaks of the same, or of what meets it elsewhere.

    Entities are names, numbers and rare words, joined where they stand in one sentence. A walk from
    the source goes to one of its entities, perhaps to a neighbour of that, and to a document that
    has it; documents are ranked by the chance to get there. No search words are looked at, so that
    a document comes that helps to answer and looks unlike the query.

    It brings what `generators.SharedContext` has shown its writer, where `count` is one less than
    its `size`; `miners.Union` adds what searches find.

    Rows: [008].

    Paper:   SCARLet: Utility-based retriever via shared-context attribution, EMNLP 2025.
             https://arxiv.org/abs/2504.00573
    Code:    none followed.
    Differs: a graph of what meets in a sentence for a knowledge graph; the chance of a walk of one
             step for a search with the entities.
    Cost:    one pass over the words of the corpus.

    Args:
        count: documents of each query besides its source.

    Returns:
        The source and its neighbours by falling chance; fewer where fewer can be reached, and none
        for a query without a source. Of the pieces of one document there is one, and of the
        source's own document no other.

    Example:
        >>> from acclimate.testing import toys
        >>> EntityNeighbours(count=2)(toys.CORPUS, toys.WRITTEN.head(1), Context())["doc_id"]
        ['bees', 'compost', 'bread']
    """

    count: int = 4

    def __post_init__(self) -> None:
        """Refuse no neighbour."""
        if self.count < 1:
            raise RecipeError(f"EntityNeighbours(count={self.count}): give 1 or more.")

    def __call__(self, corpus: Corpus, queries: Queries, ctx: Context) -> Candidates:
        """Go to the neighbours."""
        if not len(corpus) or not len(queries):
            return Candidates.empty()
        contexts, source = Contexts(corpus), sources(corpus, queries)
        own, of_query = np.unique(source, return_inverse=True)
        rows = np.full((len(own), self.count + 1), -1, dtype=np.int64)
        chances = np.full(rows.shape, -np.inf, dtype=np.float32)
        for line, row in enumerate(ctx.track(own.tolist(), "neighbours", len(own))):
            near = contexts.of(row, self.count + 1) if row >= 0 else []
            rows[line, : len(near)] = [other for other, _ in near]
            chances[line, : len(near)] = [chance for _, chance in near]
        rows, chances = rows[of_query], chances[of_query]
        hits = Hits(rows, chances)
        return candidates("entities", corpus, queries, hits, source, chances[:, 0], self.count, ctx)
