"""SimANS: documents about as close to the query as its source is."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.miners._lists import Lists, Values, listed, round_key
from acclimate.parts.miners.with_student import WithStudent
from acclimate.parts.part import Context, Miner
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class SimANS:
    """Of what another miner finds, documents drawn around the score of the source.

    p(d) ∝ exp(−a · (s(d) − s⁺ − b)²): what scores far above the source is likely relevant itself,
    what scores far below teaches nothing, and those between are ambiguous. Drawn without putting
    back.

    Rows: [025].

    Paper:   Zhou, Gong, Liu, Zhao, Shen, Dong, Lu, Majumder, Wen, Duan, Chen, SimANS: Simple
             Ambiguous Negatives Sampling for Dense Text Retrieval, EMNLP 2022.
             https://arxiv.org/abs/2210.11773
    Code:    microsoft/SimXNS, SimANS/README.md.
    Differs: the released training for MS MARCO takes |s − s⁺| and not its square; drawn without
             putting back. [025] takes it as the sampler to compare with.
    Cost:    that of the miner.

    Args:
        miner: finds the documents and rates them.
        count: documents of each query besides the source. Code: 15.
        a: how fast chances fall, in 1 / score²: at 200 a document that differs by a tenth has
            e⁻² of the highest chance, which suits cosines. Dot products that reach a hundred
            need about 1.
        b: where chances are highest, as a difference to the source's score. Below 0 the hardest
            are avoided.

    Returns:
        Candidates with the miner's scores, ranked anew. Where a query has no source, each
        document is as likely as the other.
    """

    miner: Miner = field(default_factory=WithStudent)
    count: int = 15
    a: float = 200.0
    b: float = 0.0

    def __post_init__(self) -> None:
        """Refuse to draw nothing, or the unlikely."""
        if self.count < 1 or self.a < 0:
            raise RecipeError(
                f"SimANS(count={self.count}, a={self.a}): give a count of 1 or more, and an a of 0 "
                "or more."
            )

    def __call__(
        self, corpus: Corpus, queries: Queries, student: Student, ctx: Context
    ) -> Candidates:
        """Draw the documents."""
        lists = listed(self.miner, corpus, queries, student, ctx)
        chance = self.log_chances(lists)
        return lists.kept(
            lists.drawn(chance, self.count, lists.others, round_key(self, student, ctx))
        )

    def log_chances(self, lists: Lists) -> Values:
        """Logarithms of what chances are in proportion to, (N,)."""
        away = np.nan_to_num(lists.score - lists.own - self.b)
        return np.asarray(-self.a * away**2)
