"""MultiHop: what is found only with the words of what was found before."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.ref import Integers
from acclimate.models.student import Student
from acclimate.parts._pairs import pairs
from acclimate.parts._words import spans
from acclimate.parts.miners._rows import folded
from acclimate.parts.miners.union import Union, join
from acclimate.parts.part import Context, Miner, apply
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class MultiHop:
    """What another miner finds, and what it finds for the query with each of the best of that.

    Where a question needs two documents, the second often shares no word with the question, but
    with the first. In each further hop the query is asked once for each of the `follow` best
    documents of the hop before, whose first words it brings along. A document counts by its best
    rank of a hop, and over hops by the reciprocal rank sum, as in `miners.Union`.

    Rows: [006], [054].

    Paper:   Khattab, Potts, Zaharia, Baleen: Robust Multi-Hop Reasoning at Scale via Condensed
             Retrieval, NeurIPS 2021. https://arxiv.org/abs/2101.00436; two hops over facts: CGR,
             2021. https://arxiv.org/abs/2109.02905
    Code:    none followed; the hops of stanford-futuredata/Baleen.
    Differs: the first words of a document for what a trained condenser takes of it, and of the
             last hop alone; which of several known answers belongs to which hop is not asked, as
             a query here has one source.
    Cost:    that of the miner, and for each hop after the first `follow` times as many queries.

    Args:
        miner: searches.
        hops: how often; 1 is the miner alone.
        follow: documents of a hop that lead on. Paper: all of a depth of 100 / hops.
        at_most_words: of a document that join the query.

    Returns:
        Candidates by falling reciprocal rank sum; `miner` names the hops, as "hop 1+hop 2".
    """

    miner: Miner = field(default_factory=Union)
    hops: int = 2
    follow: int = 3
    at_most_words: int = 32

    def __post_init__(self) -> None:
        """Refuse to search nowhere."""
        if min(self.hops, self.follow, self.at_most_words) < 1:
            raise RecipeError(
                f"MultiHop(hops={self.hops}, follow={self.follow}, "
                f"at_most_words={self.at_most_words}): give 1 or more."
            )

    def __call__(
        self, corpus: Corpus, queries: Queries, student: Student, ctx: Context
    ) -> Candidates:
        """Search hop by hop."""
        found: list[Candidates] = [apply(self.miner, (corpus, queries, student), ctx)]
        while len(found) < self.hops:
            query, document = pairs(corpus, queries, found[-1])
            leads = found[-1].array("rank") <= self.follow
            query, document = query[leads], document[leads]
            asked = self._asked(query, document, corpus, queries)
            hop: Candidates = apply(self.miner, (corpus, asked, student), ctx)
            found.append(folded(hop, query, asked, corpus, queries))
        names = [f"hop {number}" for number in range(1, len(found) + 1)]
        return join(found, names, corpus, queries)

    def _asked(
        self, query: Integers, document: Integers, corpus: Corpus, queries: Queries
    ) -> Queries:
        """The queries, each with the first words of a document."""
        contents, ids, told = corpus.contents, corpus["doc_id"], queries.dicts()
        read = {row: self._first_words(contents[row]) for row in np.unique(document).tolist()}
        return Queries.of(
            told[q]
            | {
                "query_id": f"{told[q]['query_id']} > {ids[d]}",
                "text": f"{told[q]['text']} {read[d]}",
            }
            for q, d in zip(query.tolist(), document.tolist(), strict=True)
        )

    def _first_words(self, text: str) -> str:
        there = spans(text)[: self.at_most_words]
        return text[: there[-1][1]] if there else ""
