"""LateInteraction: every word of the query looks for its best match in the document."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes.late_interaction import LateInteraction as Tokens
from acclimate.models.student import Student
from acclimate.parts.labellers._searched import rated_by
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class LateInteraction:
    """Labels from MaxSim over an encoder's own token vectors: a teacher that costs no training.

    The value is the mean, over the query's tokens, of the highest cosine with a token of the
    document.

    Rows: [019], [036], [086].

    Paper:   Khattab, Zaharia, ColBERT: Efficient and Effective Passage Search via Contextualized
             Late Interaction over BERT, SIGIR 2020, section 3. https://arxiv.org/abs/2004.12832
    Code:    stanford-futuredata/ColBERT.
    Differs: the token vectors are those of a sentence encoder, not trained for this; the mean over
             the query's tokens, not the sum, so that long and short queries have one scale.
    Cost:    the token vectors of all documents (on disk), once; then products of matrices.

    Args:
        encoder: whose token vectors. None: those the student started from.

    Returns:
        One label per candidate, in the order of the candidates.
    """

    encoder: Dense | None = None

    def __call__(
        self,
        corpus: Corpus,
        queries: Queries,
        candidates: Candidates,
        student: Student,
        ctx: Context,
    ) -> Labels:
        """Label the candidates."""
        index = Tokens(self.encoder or student.start)
        return rated_by(index, "late interaction", corpus, queries, candidates, ctx)
