"""Score: a scorer reads each query with each of its candidates."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.models.ref import Ref, Scorer
from acclimate.parts._pairs import labelled, pairs
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class Score:
    """Labels from a cross-encoder, or any model that rates a (query, document) pair.

    Values are the model's raw outputs, without an activation: a sigmoid would press all clearly
    relevant documents together. Each distinct pair is scored once, whatever happens after.

    Rows: [P1].

    Paper:   Wang, Thakur, Reimers, Gurevych, GPL, NAACL 2022, section 4.
             https://arxiv.org/abs/2112.07577
    Code:    UKPLab/gpl, gpl/toolkit/pl.py.
    Differs: scores are kept, and margins are made of them in the loss; GPL keeps margins only,
             and scores each source document anew for every one of its negatives.
    Cost:    one teacher call per distinct pair.

    Args:
        teacher: scores the pairs.

    Returns:
        One label per candidate, in the order of the candidates.
    """

    teacher: Ref[Scorer]

    def __call__(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, ctx: Context
    ) -> Labels:
        """Label the candidates."""
        asked, found = pairs(corpus, queries, candidates)
        texts, contents = queries["text"], corpus.contents
        values = ctx.engine.score(
            self.teacher, [texts[row] for row in asked], [contents[row] for row in found]
        )
        return labelled(candidates, values, repr(self.teacher))
