"""LexicalDenseProduct: what words say times what vectors say."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes.lexical_dense import LexicalDense
from acclimate.models.student import Student
from acclimate.parts.labellers._searched import rated_by
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class LexicalDenseProduct:
    """Labels from BM25's score times the cosine: a teacher without a model or a weight of its own.

    A candidate that is not among the first documents of BM25 has the value 0. Unlike in
    `labellers.Fusion` nothing is to be weighed, and what only one of the two likes stays low.

    Rows: [035].

    Paper:   LaPraDoR: Unsupervised Pretrained Dense Retriever for Zero-Shot Text Retrieval,
             Findings of ACL 2022 (lexicon-enhanced dense retrieval).
             https://arxiv.org/abs/2203.06169
    Code:    none followed.
    Differs: the product labels candidates; the paper searches with it (`indexes.LexicalDense`).
    Cost:    one encoding of the documents; a search of words per query.

    Args:
        encoder: whose vectors. None: those the student started from.
        depth: documents of BM25 that have a value. Paper: 100.

    Returns:
        One label per candidate, in the order of the candidates.
    """

    encoder: Dense | None = None
    depth: int = 100

    def __call__(
        self,
        corpus: Corpus,
        queries: Queries,
        candidates: Candidates,
        student: Student,
        ctx: Context,
    ) -> Labels:
        """Label the candidates."""
        index = LexicalDense(self.encoder or student.start, depth=self.depth)
        return rated_by(index, "lexical dense", corpus, queries, candidates, ctx)
