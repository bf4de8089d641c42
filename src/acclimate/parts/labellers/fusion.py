"""Fusion: words, sentence vectors and token vectors as one teacher."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.engines.engine import IndexRef
from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes.bm25 import BM25
from acclimate.models.indexes.flat import Flat
from acclimate.models.indexes.late_interaction import LateInteraction
from acclimate.models.ref import Floats, Integers
from acclimate.models.student import Student
from acclimate.parts.labellers._pairs import Grid, grid, labelled, pairs
from acclimate.parts.labellers._standard import standard
from acclimate.parts.labellers.weights import fit_weights
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries

SCORERS = ("words", "vectors", "tokens")
WEIGHTS = (0.4, 1.0, 0.5)


@dataclass(frozen=True, kw_only=True)
class Fusion:
    """Labels from BM25, an encoder and its late interaction together: a teacher without a model.

    Each scorer's scores are brought to mean 0 and deviation 1 over a query's candidates; their
    weighted sum is brought there again, so that a value says how many deviations a document is
    above its rivals. Words find what vectors blur, vectors find what words miss, and token
    vectors stand between them.

    Origin: fusion of standardised scores (CombSUM with z-scores); the weights were chosen over
            eight collections so that no one is worse than vectors alone.
    Code:    none published.
    Differs: nothing known.
    Cost:    one BM25 index, sentence and token vectors of the documents; no model beside the
             student.

    Args:
        weights: of words (BM25), sentence vectors and token vectors; a scorer with weight 0 is
            not asked.
        encoder: whose vectors. None: those the student started from.
        fitted: whether the weights are fitted to this corpus by `fit_weights`, on the queries'
            own source documents. Use it where queries do not copy their documents' words.

    Returns:
        One label per candidate, in the order of the candidates.
    """

    weights: tuple[float, float, float] = WEIGHTS
    encoder: Dense | None = None
    fitted: bool = False

    def __post_init__(self) -> None:
        """Refuse weights that rank nothing."""
        if len(self.weights) != len(SCORERS) or min(self.weights) < 0 or not any(self.weights):
            raise RecipeError(
                f"Fusion(weights={self.weights}): give weights of {', '.join(SCORERS)}, none below "
                "0 and one above."
            )

    def __call__(
        self,
        corpus: Corpus,
        queries: Queries,
        candidates: Candidates,
        student: Student,
        ctx: Context,
    ) -> Labels:
        """Label the candidates."""
        asked, found = pairs(corpus, queries, candidates)
        cells = grid(asked, found)
        mask = cells.documents >= 0
        encoder = self.encoder or student.start
        indexes: tuple[IndexRef, ...] = (BM25(), Flat(encoder), LateInteraction(encoder))
        scores = [
            self._scores(index, weight, corpus, queries, cells, ctx)
            for index, weight in zip(indexes, self.weights, strict=True)
        ]
        weights = self._weights(scores, mask, _sources(candidates, cells), ctx)
        total = sum(w * s for w, s in zip(weights, scores, strict=True))
        return labelled(candidates, cells.of(standard(np.asarray(total), mask)), "fusion")

    def _scores(
        self,
        index: IndexRef,
        weight: float,
        corpus: Corpus,
        queries: Queries,
        cells: Grid,
        ctx: Context,
    ) -> Floats:
        if not weight:
            return np.zeros(cells.documents.shape, dtype=np.float32)
        texts = queries["text"]
        asked = [texts[row] for row in cells.queries]
        hits = ctx.engine.search(index, corpus.contents, asked, among=cells.documents)
        return standard(hits.scores, cells.documents >= 0)

    def _weights(
        self,
        scores: list[Floats],
        mask: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
        sources: Integers,
        ctx: Context,
    ) -> tuple[float, ...]:
        weights: tuple[float, ...] = self.weights
        if self.fitted and mask.size:
            weights = fit_weights(np.stack(scores, axis=-1), mask, sources, self.weights)
        ctx.note("weights", dict(zip(SCORERS, weights, strict=True)) | {"fitted": self.fitted})
        return weights


def _sources(candidates: Candidates, cells: Grid) -> Integers:
    """At which place of its line each query's source document is; -1 is nowhere."""
    sources = np.full(len(cells.queries), -1, dtype=np.int64)
    mine = candidates.array("is_source").astype(bool)
    sources[cells.line[mine]] = cells.place[mine]
    return sources
