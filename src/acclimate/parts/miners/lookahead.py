"""Lookahead: what lies near the source, which a student will mistake for it next."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from acclimate.models.student import Student
from acclimate.parts._sources import sources
from acclimate.parts.miners.with_student import WithStudent
from acclimate.parts.part import Context, Miner, apply
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class Lookahead:
    """What another miner finds when the source document itself is the query.

    A student learns to bring a query near its source, and so near what lies around the source:
    documents that are hard in the next round are met in this one. In a `miners.Union` with a
    search by the query, half of what each brings, they are the paper's negatives of one episode;
    with `filters.SameParent` they are the neighbours of a chunk in other documents.

    Rows: [050], [114].

    Paper:   Sun et al., Reduce Catastrophic Forgetting of Dense Retrieval Training with
             Teleportation Negatives, EMNLP 2022. https://arxiv.org/abs/2210.17167; neighbours of
             chunks: Borgeaud et al., Improving Language Models by Retrieving from Trillions of
             Tokens, 2021. https://arxiv.org/abs/2112.04426
    Code:    OpenMatch/ANCE-Tele.
    Differs: all that is found is kept; `miners.RankWindow` draws 30 of 200, and `miners.Momentum`
             carries the negatives of earlier episodes on.
    Cost:    that of the miner.

    Args:
        miner: finds the documents. Paper: the student, depth 200.

    Returns:
        Candidates with closeness to the source as their score, the source first or nearly so; its
        miner is "lookahead". A query without a source has none.
    """

    miner: Miner = field(default_factory=WithStudent)

    def __call__(
        self, corpus: Corpus, queries: Queries, student: Student, ctx: Context
    ) -> Candidates:
        """Search with the sources."""
        source = sources(corpus, queries)
        asked, contents = queries.keep(source >= 0), corpus.contents
        texts = [contents[row] for row in source[source >= 0].tolist()]
        asked = Queries(_with_column(asked, "text", texts))
        found: Candidates = apply(self.miner, (corpus, asked, student), ctx)
        return Candidates(_with_column(found, "miner", ["lookahead"] * len(found)))


def _with_column(table: Queries | Candidates, name: str, values: list[str]) -> pa.Table:
    place = table.rows.schema.get_field_index(name)
    return table.rows.set_column(place, name, pa.array(values, type=pa.string()))
