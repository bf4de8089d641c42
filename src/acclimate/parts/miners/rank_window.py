"""RankWindow: what a miner ranks neither too high nor too low."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.miners._lists import listed, round_key
from acclimate.parts.miners.with_student import WithStudent
from acclimate.parts.part import Context, Miner
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class RankWindow:
    """Of what another miner finds, the ranks from `skip` + 1 to `skip` + `width`.

    The first documents for a query are the likeliest to be relevant although nobody said so, and
    those far down teach nothing. A window between them is the plainest rule against false
    negatives; with `count`, only so many of it are drawn, each as likely as the other.

    Rows: [010], [011], [088].

    Paper:   the offset ("Top-K shifted by N") and the sample of the top k: Moreira et al.,
             NV-Retriever: Improving text embedding models with effective hard-negative mining,
             2024. https://arxiv.org/abs/2407.15831; BM25 from rank 20 on: Shao et al., ReasonIR:
             Training Retrievers for Reasoning Tasks, 2025. https://arxiv.org/abs/2504.20595; the
             first ranks beside a sample of the others: Yu, Xiong, Yu, Liu, Augmentation-Adapted
             Retriever, ACL 2023. https://arxiv.org/abs/2305.17331
    Code:    facebookresearch/ReasonIR, hard_neg_start_index.
    Differs: nothing known.
    Cost:    that of the miner, whose depth must reach the window's end.

    Args:
        miner: finds the documents.
        skip: ranks left out, the source's counted. Paper: 10; ReasonIR: 20.
        width: ranks of the window, the source's counted. None: all after `skip`. Paper: 10.
        count: how many of the window are drawn for each query. None: all. Paper: 4.
        first: ranks that come besides, from 1: those that a labeller is to look at.

    Returns:
        Candidates with the miner's scores, ranked anew, and the source wherever it stood.

    Example:
        >>> from acclimate.models.encoders.dense import Dense
        >>> from acclimate.parts.miners.bm25 import BM25
        >>> from acclimate.testing import toys
        >>> from acclimate.testing.fakes import FakeEngine
        >>> things = toys.CORPUS, toys.QUERIES.head(1), Student(encoder=Dense())
        >>> RankWindow(miner=BM25(), skip=1, width=2)(*things, Context(engine=FakeEngine()))["rank"]
        [1, 2]
    """

    miner: Miner = field(default_factory=WithStudent)
    skip: int = 10
    width: int | None = 10
    count: int | None = None
    first: int = 0

    def __post_init__(self) -> None:
        """Refuse a window of nothing."""
        sizes = [size for size in (self.width, self.count) if size is not None]
        if min(self.skip, self.first) < 0 or min(sizes, default=1) < 1:
            raise RecipeError(
                f"RankWindow(skip={self.skip}, width={self.width}, count={self.count}, "
                f"first={self.first}): give a skip and a first of 0 or more, and a width and a "
                "count of 1 or more."
            )

    def __call__(
        self, corpus: Corpus, queries: Queries, student: Student, ctx: Context
    ) -> Candidates:
        """Keep the window."""
        lists = listed(self.miner, corpus, queries, student, ctx)
        inside = lists.rank > self.skip
        if self.width is not None:
            inside &= lists.rank <= self.skip + self.width
        if self.count is not None:
            even = np.zeros(len(inside))
            inside = lists.drawn(even, self.count, inside, round_key(self, student, ctx))
        inside |= lists.rank <= self.first
        ctx.note("outside the window", int((~inside & lists.others).sum()))
        return lists.kept(inside | lists.source)
