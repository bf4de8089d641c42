"""Momentum: what was hard in earlier rounds stays among the candidates."""

from __future__ import annotations

from dataclasses import dataclass, field

from acclimate.models.student import Student
from acclimate.parts.miners.union import join
from acclimate.parts.miners.with_student import WithStudent
from acclimate.parts.part import Context, Miner, apply
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class Momentum:
    """What another miner finds now, and the candidates there were: those of the round before.

    A student that trains on its latest mistakes alone forgets what it had learned of earlier ones.
    In `loops.Rounds` with `carry`, each round adds to what the rounds before it found.

    Rows: [114].

    Paper:   Sun et al., Reduce Catastrophic Forgetting of Dense Retrieval Training with
             Teleportation Negatives, EMNLP 2022. https://arxiv.org/abs/2210.17167
    Code:    OpenMatch/ANCE-Tele.
    Differs: nothing known.
    Cost:    that of the miner; candidates grow with each round.

    Args:
        miner: finds the documents of this round.

    Returns:
        Candidates as those of `miners.Union`; `miner` says "now", "before" or both.
    """

    miner: Miner = field(default_factory=WithStudent)

    def __call__(
        self,
        corpus: Corpus,
        queries: Queries,
        candidates: Candidates,
        student: Student,
        ctx: Context,
    ) -> Candidates:
        """Search, and add to what is there."""
        found: Candidates = apply(self.miner, (corpus, queries, student), ctx)
        known = candidates.following(queries)
        return join((found, known), ("now", "before"), corpus, queries)
