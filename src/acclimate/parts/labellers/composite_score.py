"""CompositeScore: several teachers' values, each brought to 0…1 within a query, in a sum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.ref import Floats, Integers
from acclimate.models.student import Student
from acclimate.parts._pairs import labelled
from acclimate.parts._words import length_words
from acclimate.parts.labellers._members import heard, weights_of
from acclimate.parts.part import Context, Labeller
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class CompositeScore:
    """The weighted sum of what labellers say, of which each query's lowest is 0 and highest 1.

    Made for teachers of different kinds: how likely a reader finds the text after the document,
    how likely it finds the query, and how similar both are. Where `Ensemble` asks whether
    teachers agree, here each may bring what the others do not see. Very short documents are
    likely by accident, and are held back.

    Rows: [105].

    Paper:   ARK: Answer-Centric Retriever Tuning via KG-augmented Curriculum Learning, 2025.
             https://arxiv.org/abs/2511.16326
    Code:    valleysprings/ARK.
    Differs: any labellers; the paper's are the likelihood of the answer, of the question, and the
             cosine. Short documents by words, not tokens.
    Cost:    all its labellers.

    Args:
        labellers: the teachers. A candidate that one of them leaves out is left out.
        weights: of each. None: all the same. Paper: 1, 0.3 and 1.
        short_words: a document with fewer words has its sum multiplied by its words over this
            number. Paper: 10 tokens. 0: none is held back.

    Returns:
        Labels in the order of the candidates, from 0 to the sum of the weights; a teacher that
        says the same of all documents of a query gives each a half.
    """

    labellers: tuple[Labeller, ...]
    weights: tuple[float, ...] | None = None
    short_words: int = 10

    def __post_init__(self) -> None:
        """Refuse weights that do not fit."""
        weights_of(self, self.labellers, self.weights)
        if self.short_words < 0:
            raise RecipeError(f"CompositeScore(short_words={self.short_words}): give 0 or more.")

    def __call__(
        self,
        corpus: Corpus,
        queries: Queries,
        candidates: Candidates,
        student: Student,
        ctx: Context,
    ) -> Labels:
        """Label the candidates."""
        told = heard(self.labellers, corpus, queries, candidates, student, ctx)
        weights = weights_of(self, self.labellers, self.weights)
        total = told.summed(weights) * self._kept(corpus, told.cells.documents)
        return labelled(candidates, told.cells.of(total.astype(np.float32)), "composite")

    def _kept(self, corpus: Corpus, documents: Integers) -> Floats:
        """What is left of the sum of each document, in the shape of `documents`."""
        contents, rows = corpus.contents, np.unique(documents[documents >= 0])
        share = np.ones(len(contents) + 1, dtype=np.float32)  # the last one, at -1, of no document
        if self.short_words:
            share[rows] = [min(1.0, length_words(contents[r]) / self.short_words) for r in rows]
        return np.asarray(share[documents])
