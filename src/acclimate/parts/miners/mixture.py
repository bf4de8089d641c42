"""Mixture: documents drawn from the lists of several miners, each with its own weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.miners._lists import Lists, Values, round_key
from acclimate.parts.miners._rows import cells, places_of
from acclimate.parts.miners.bm25 import BM25
from acclimate.parts.miners.union import join, names_of, searched_by
from acclimate.parts.miners.with_student import WithStudent
from acclimate.parts.part import Context, Miner
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True)
class Mixture:
    """Of what several miners find, documents drawn from the mixture of their lists.

    p(d) = Σ_j weight_j · [d in list j] / |list j|, the source left out. A relevant document that
    nobody named is wrong in the list of a miner that finds it and absent from those that do not,
    so that false negatives of several miners are less systematic than those of one. A document in
    two lists is drawn with the sum of its chances. Drawn without putting back.

    Rows: [087].

    Paper:   Zhou et al., Towards Robust Ranker for Text Retrieval, 2022.
             https://arxiv.org/abs/2206.08063
    Code:    none followed.
    Differs: the paper trains a cross-encoder with them; drawn before training and without putting
             back, so that each pair is labelled once.
    Cost:    that of the miners.

    Args:
        members: the miners.
        weights: of each. Empty: all alike.
        count: documents of each query besides the source.

    Returns:
        Candidates as those of `miners.Union`, with its scores and names.
    """

    members: tuple[Miner, ...] = (BM25(), WithStudent())
    _: KW_ONLY
    weights: tuple[float, ...] = ()
    count: int = 15

    def __post_init__(self) -> None:
        """Refuse weights that do not fit the miners, and to draw nothing."""
        if not self.members or self.count < 1:
            raise RecipeError(
                f"miners.Mixture has {len(self.members)} members and draws {self.count}. Give one "
                "miner or more, and a count of 1 or more."
            )
        if self.weights and (len(self.weights) != len(self.members) or min(self.weights) <= 0):
            raise RecipeError(
                f"miners.Mixture has {len(self.members)} members and the weights {self.weights}. "
                "Give a weight above 0 for each, or none."
            )

    def __call__(
        self, corpus: Corpus, queries: Queries, student: Student, ctx: Context
    ) -> Candidates:
        """Search, join and draw."""
        found, notes = searched_by(self.members, corpus, queries, student, ctx)
        ctx.note("miners", notes)
        lists = Lists.of(join(found, names_of(found), corpus, queries))
        chance = self.chances(found, lists.found, corpus, queries)
        drawn = lists.drawn(
            np.log(np.where(chance > 0, chance, 1.0)),
            self.count,
            chance > 0,
            round_key(self, student, ctx),
        )
        return lists.kept(drawn)

    def chances(
        self, found: Sequence[Candidates], joined: Candidates, corpus: Corpus, queries: Queries
    ) -> Values:
        """What the chance of each joined candidate is in proportion to, (N,)."""
        known = cells(joined, corpus, queries)
        chance = np.zeros(len(joined))
        weights = self.weights or (1.0,) * len(found)
        for candidates, weight in zip(found, weights, strict=True):
            lists = Lists.of(candidates)
            sizes = np.bincount(lists.query[lists.others], minlength=1)
            at = places_of(cells(candidates, corpus, queries), known)
            chance[at[lists.others]] += weight / sizes[lists.query[lists.others]]
        return chance
