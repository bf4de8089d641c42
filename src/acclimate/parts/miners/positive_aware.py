"""PositiveAware: hard documents that stay clearly below the source in the miner's own eyes."""

from __future__ import annotations

from dataclasses import dataclass, field

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts._bars import ROUNDING, check_bars, lowest_bar
from acclimate.parts.miners._lists import listed
from acclimate.parts.miners.with_student import WithStudent
from acclimate.parts.part import Context, Miner
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class PositiveAware:
    """Of what another miner finds, the `keep` best that do not come too close to the source.

    With s⁺ the miner's score of the source, a document of score s stays when s ≤ bar:
        percent p:  bar = s⁺ − |s⁺| · (1 − p)     ("TopK-PercPos")
        margin m:   bar = s⁺ − m                  ("TopK-MarginPos")
        at_most a:  bar = a                       ("TopK-Abs")
    The lowest of the bars given counts. It needs no teacher: `filters.FalseNegatives` is the same
    rule for a teacher's labels.

    Rows: [011].

    Paper:   Moreira et al., NV-Retriever: Improving text embedding models with effective
             hard-negative mining, 2024, section 3. https://arxiv.org/abs/2407.15831
    Code:    none followed.
    Differs: the distance is a share of |s⁺|, so that scores below 0 work.
    Cost:    that of the miner.

    Args:
        miner: finds the documents and rates them; scores of `miners.Union` are sums of ranks and
            have no such bar.
        percent: share of the source's score that a document may reach, 0…1. Paper: 0.95.
        margin: how far a document must stay below the source. Paper: 0.05 (of cosines).
        at_most: score no document may exceed. Paper: 0.7 (of cosines).
        keep: documents of each query besides the source. Paper: 10, of which 4 are drawn.

    Returns:
        Candidates with the miner's scores, ranked anew. A query without a source has all that
        `at_most` lets stay.
    """

    miner: Miner = field(default_factory=WithStudent)
    percent: float | None = 0.95
    margin: float | None = None
    at_most: float | None = None
    keep: int = 10

    def __post_init__(self) -> None:
        """Refuse to have no bar, one above the source, or to keep nothing."""
        check_bars(self)
        if self.keep < 1:
            raise RecipeError(f"PositiveAware(keep={self.keep}): give 1 or more.")

    def __call__(
        self, corpus: Corpus, queries: Queries, student: Student, ctx: Context
    ) -> Candidates:
        """Keep what stays below the bar."""
        lists = listed(self.miner, corpus, queries, student, ctx)
        below = lists.score <= lowest_bar(self, lists.own) + ROUNDING
        ctx.note("too close to the source", int((~below & lists.others).sum()))
        return lists.kept(lists.first(lists.rank, self.keep, below))
