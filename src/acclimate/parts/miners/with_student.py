"""WithStudent: what the student itself takes for relevant now."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.models.indexes import Flat
from acclimate.models.student import Student
from acclimate.parts.miners._found import searched
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class WithStudent:
    """The documents closest to each query under the student's current weights, and its source.

    In `loops.Rounds` every round so meets the student's own mistakes. The index is found by the
    weights' hash: a student that has learnt gets a new one, and an unchanged one is not encoded
    again.

    Paper:   Xiong et al., Approximate Nearest Neighbor Negative Contrastive Learning for Dense
             Text Retrieval, ICLR 2021. https://arxiv.org/abs/2007.00808
    Code:    microsoft/ANCE.
    Differs: the index is refreshed between rounds and not during one.
    Cost:    one encoding of the corpus per round.

    Args:
        depth: documents of each query besides its source. Paper: 200.

    Returns:
        Candidates with the student's similarities, for each query by falling score.

    Example:
        >>> from acclimate.models.student import Student
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> from acclimate.testing.fakes import FakeEncoder, FakeEngine
        >>> found = WithStudent(depth=1)(
        ...     toys.CORPUS, toys.QUERIES.head(1), Student(encoder=FakeEncoder()),
        ...     Context(engine=FakeEngine()))
        >>> found["miner"], found["is_source"]
        (['student'], [False])
    """

    depth: int = 50

    def __call__(
        self, corpus: Corpus, queries: Queries, student: Student, ctx: Context
    ) -> Candidates:
        """Search."""
        return searched(Flat(student.encoder), "student", corpus, queries, self.depth, ctx)
