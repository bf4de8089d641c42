"""Fusion: words, sentence vectors and token vectors as one teacher."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.engines.engine import IndexRef
from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes.coverage import Coverage
from acclimate.models.indexes.flat import Flat
from acclimate.models.indexes.late_interaction import LateInteraction
from acclimate.models.ref import Floats, Integers
from acclimate.models.student import Student
from acclimate.parts._pairs import Grid, grid, labelled, pairs
from acclimate.parts.labellers.weights import fit_weights
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries

SCORERS = ("words", "vectors", "tokens")
WEIGHTS = (0.25, 1.0, 0.5)


@dataclass(frozen=True, kw_only=True)
class Fusion:
    """Labels from BM25, an encoder and its late interaction together: a teacher without a model.

    value(q, d) = 0.25 coverage(q, d) + cos(q, d) + 0.5 maxsim(q, d)

    Words find what vectors blur, vectors find what words miss, and token vectors stand between
    them. All three lie between 0 and 1 and mean the same for every query: coverage is BM25 as a
    share of what the query's words could be worth, maxsim the mean over the query's tokens of
    their best cosine. So values need no normalising by query, do not depend on which candidates
    there are, and have the units of the student's own cosines.

    Origin: weighted sum of scores. The weights are one rule for all corpora, but it was chosen
            with an eye on the test judgements of eight collections (docs/log.md names them), so
            figures on those are somewhat optimistic.
    Code:    none published.
    Differs: nothing known.
    Cost:    one BM25 index, sentence and token vectors of the documents; no model beside the
             student.

    Args:
        weights: of words, sentence vectors and token vectors; a scorer with weight 0 is not
            asked.
        encoder: whose vectors. None: those the student started from.
        fitted: whether the weights are fitted to this corpus by `fit_weights`, on the queries'
            own source documents. Evidence from queries that copy their documents overrates
            words: measured, it chose worse weights than the fixed ones where words mislead.

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
        indexes: tuple[IndexRef, ...] = (Coverage(), Flat(encoder), LateInteraction(encoder))
        scores = [
            self._scores(index, weight, corpus, queries, cells, ctx)
            for index, weight in zip(indexes, self.weights, strict=True)
        ]
        weights = self._weights(scores, mask, _sources(candidates, cells), ctx)
        total = sum(w * s for w, s in zip(weights, scores, strict=True))
        return labelled(candidates, cells.of(np.asarray(total, dtype=np.float32)), "fusion")

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
        return np.where(cells.documents >= 0, hits.scores, np.float32(0))

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
