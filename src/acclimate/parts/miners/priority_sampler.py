"""PrioritySampler: documents drawn once each, with weights that make their sum unbiased."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from acclimate.models.student import Student
from acclimate.parts._codes import places_within
from acclimate.parts.miners._lists import Lists, Mask, Values, check_draw, listed, round_key
from acclimate.parts.miners.with_student import WithStudent
from acclimate.parts.part import Context, Miner
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class PrioritySampler:
    """Of what another miner finds, documents drawn by priority, each with its importance weight.

    With p = softmax(s / temperature) over the query's list and u uniform, the documents with the
    highest p / u are taken, and τ is the highest that is not. A document taken has the weight
    max(p, τ): the expectation of Σ weight · h over what is taken is Σ p · h over the whole list,
    for any h. The source is there in any case, with the weight p. The score is the logarithm of
    the weight as a share of the query's weights: what `loops.Sampled` tells `losses.RenyiBound`.

    Rows: [005].

    Paper:   Liévin, Motzfeldt, Jensen, Winther, Variational Open-Domain Question Answering, ICML
             2023. https://arxiv.org/abs/2210.06345
    Code:    VodLM/vod-gradients.
    Differs: the source is no matter of chance.
    Cost:    that of the miner.

    Args:
        miner: finds the documents and rates them.
        count: documents of each query besides the source.
        temperature: divides the scores. For cosines about 0.05.

    Returns:
        Candidates with the logarithm of their weight, for each query by falling score.
    """

    miner: Miner = field(default_factory=WithStudent)
    count: int = 8
    temperature: float = 0.05

    def __post_init__(self) -> None:
        """Refuse to draw nothing, or from no softmax."""
        check_draw(type(self).__name__, self.count, self.temperature)

    def __call__(
        self, corpus: Corpus, queries: Queries, student: Student, ctx: Context
    ) -> Candidates:
        """Draw the documents."""
        lists = listed(self.miner, corpus, queries, student, ctx)
        taken, weight = self.weighted(lists, round_key(self, student, ctx))
        shares = lists.shares(np.where(taken, weight, -np.inf))
        return lists.kept(taken, shares)

    def weighted(self, lists: Lists, key: int) -> tuple[Mask, Values]:
        """Which candidates are taken, and the logarithm of the weight of each, (N,) and (N,)."""
        log_p = lists.shares(lists.score / self.temperature)
        priority = log_p - np.log(lists.luck(key))
        taken = lists.first(-priority, self.count, lists.others)
        order = np.lexsort((lists.rank, -priority, taken, lists.query))
        best_left = ~taken & (places_within(lists.query, order) == 0)
        bar = np.full(lists.query.max(initial=-1) + 1, -np.inf)
        bar[lists.query[best_left]] = priority[best_left]
        weight = np.where(lists.source, log_p, np.maximum(log_p, bar[lists.query]))
        return taken, weight
