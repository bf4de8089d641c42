"""RetrieverDistribution: documents drawn as the retriever itself would choose them."""

from __future__ import annotations

from dataclasses import dataclass, field

from acclimate.models.student import Student
from acclimate.parts.miners._lists import check_draw, listed, round_key
from acclimate.parts.miners.with_student import WithStudent
from acclimate.parts.part import Context, Miner
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class RetrieverDistribution:
    """Of what another miner finds, documents drawn with the retriever's own probabilities.

    Q(d) = softmax(s(d) / temperature) over the query's list, its source included. The score is
    ln Q(d): what `losses.SampledSoftmax` and `losses.SampledKL` take as reference, so that a
    document that is drawn often counts less.

    Rows: [027].

    Paper:   Huang, Lian, Chen, Liu, Xie, Chen, Cooperative Retriever and Ranker in Deep
             Recommenders, WWW 2023. https://arxiv.org/abs/2206.14649
    Code:    AngusHuang17/CoRR_www.
    Differs: Q is that of the miner's list and not of all documents, beyond which it is next to
             nothing; drawn without putting back, so that a labelled pair is paid for once; the
             source is there in any case.
    Cost:    that of the miner.

    Args:
        miner: finds the documents and rates them.
        count: documents of each query besides the source. Code: 20 to 100.
        temperature: divides the scores. Paper: 1, for dot products; a twentieth suits cosines.

    Returns:
        Candidates with ln Q, for each query by falling score.
    """

    miner: Miner = field(default_factory=WithStudent)
    count: int = 20
    temperature: float = 0.05

    def __post_init__(self) -> None:
        """Refuse to draw nothing, or from no softmax."""
        check_draw(type(self).__name__, self.count, self.temperature)

    def __call__(
        self, corpus: Corpus, queries: Queries, student: Student, ctx: Context
    ) -> Candidates:
        """Draw the documents."""
        lists = listed(self.miner, corpus, queries, student, ctx)
        log_q = lists.shares(lists.score / self.temperature)
        drawn = lists.drawn(log_q, self.count, lists.others, round_key(self, student, ctx))
        return lists.kept(drawn, log_q)
