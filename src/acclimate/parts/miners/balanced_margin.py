"""BalancedMargin: documents of every distance to the source, the rare ones as often."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.ref import Integers
from acclimate.models.student import Student
from acclimate.parts.miners._lists import Mask, Values, labelled_by, listed, round_key
from acclimate.parts.miners.union import Union
from acclimate.parts.part import Context, Labeller, Miner
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class BalancedMargin:
    """Of what another miner finds, a few documents of every margin to the source.

    Most margins are alike, so that drawn evenly by document the rare ones are hardly met. The range
    of a query's margins is cut into `bins` equally wide; one that is not empty is drawn, each as
    likely as the other, and then a document of it. Margins are those of a teacher where a labeller
    is given, else of the miner. As all margins of a query are to one source, bins of scores are
    bins of margins. What a scorer says is in the ledger: labelling what was drawn asks it nothing.

    Rows: [019].

    Paper:   Hofstätter, Lin, Yang, Lin, Hanbury, Efficiently Teaching an Effective Dense Retriever
             with Balanced Topic Aware Sampling (TAS-B), SIGIR 2021.
             https://arxiv.org/abs/2104.06967
    Code:    sebastian-hofstaetter/tas-balanced-dense-retrieval.
    Differs: drawn before training and without putting back: after the first document of a query
             chances are those of what is left.
    Cost:    that of the miner; with a labeller, one teacher call per document it finds.

    Args:
        miner: finds the documents.
        labeller: rates them. None: the miner's scores.
        count: documents of each query besides the source.
        bins: of a query's margins. Code: 10.

    Returns:
        Candidates with the miner's scores, ranked anew.
    """

    miner: Miner = field(default_factory=Union)
    labeller: Labeller | None = None
    count: int = 4
    bins: int = 10

    def __post_init__(self) -> None:
        """Refuse to draw nothing."""
        if min(self.count, self.bins) < 1:
            raise RecipeError(
                f"BalancedMargin(count={self.count}, bins={self.bins}): give 1 or more."
            )

    def __call__(
        self, corpus: Corpus, queries: Queries, student: Student, ctx: Context
    ) -> Candidates:
        """Draw the documents."""
        lists = listed(self.miner, corpus, queries, student, ctx)
        value = lists.score
        if self.labeller is not None:
            value = labelled_by(self.labeller, corpus, queries, lists.found, student, ctx)
        among = lists.others & np.isfinite(value)
        company = _company(lists.query, value, among, self.bins)
        return lists.kept(
            lists.drawn(-np.log(company), self.count, among, round_key(self, student, ctx))
        )


def _company(query: Integers, value: Values, among: Mask, bins: int) -> Values:
    """How many documents are in the bin of each, (N,); 1 for those that are in none."""
    low, high = (np.full(query.max(initial=-1) + 1, at) for at in (np.inf, -np.inf))
    np.minimum.at(low, query[among], value[among])
    np.maximum.at(high, query[among], value[among])
    asked = query[among]
    above, width = value[among] - low[asked], (high - low)[asked]
    place = above * bins / np.where(width > 0, width, 1.0)
    _, cell, sizes = np.unique(
        asked * bins + np.minimum(place.astype(np.int64), bins - 1),
        return_inverse=True,
        return_counts=True,
    )
    company = np.ones(len(query))
    company[among] = sizes[cell]
    return company
