"""Fusion: words, sentence vectors and token vectors as one teacher."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from acclimate.engines.engine import IndexRef
from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes.bm25 import BM25
from acclimate.models.indexes.coverage import Coverage
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
WEIGHTS = (0.5, 1.0, 0.5)

Units = Literal["cosines", "deviations"]


@dataclass(frozen=True, kw_only=True)
class Fusion:
    """Labels from words, sentence vectors and token vectors together: a teacher without a model.

    Words find what vectors blur, vectors find what words miss, and token vectors stand between
    them. With units="cosines" the value is
    0.5 · coverage + cosine + 0.5 · MaxSim, all of one scale in every query: coverage is BM25 as a
    share of the largest value a document could have. With units="deviations" BM25, the encoder's
    score and MaxSim are each brought to mean 0 and deviation 1 over a query's candidates, and
    their weighted sum once more.

    Origin: weighted sums of scores (CombSUM). The weights were set once, looking at eight
            collections: with them either unit beat the encoder alone by 5 points of nDCG@10 in
            the mean; "deviations" wants (0.4, 1, 0.5).
    Code:    none published.
    Differs: nothing known.
    Cost:    one lexical index, sentence and token vectors of the documents; no model beside the
             student.

    Args:
        weights: of words, sentence vectors and token vectors; a scorer with weight 0 is not asked.
        units: what the scores are brought to before they are added. "cosines" needs an encoder
            whose vectors have length one.
        encoder: whose vectors. None: those the student started from.
        fitted: whether the weights are fitted to this corpus by `weights.fit_weights`, on the
            queries' own source documents. Use it where queries do not copy their documents' words.

    Returns:
        One label per candidate, in the order of the candidates.
    """

    weights: tuple[float, float, float] = WEIGHTS
    units: Units = "cosines"
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
        words: IndexRef = Coverage() if self.units == "cosines" else BM25()
        indexes: tuple[IndexRef, ...] = (words, Flat(encoder), LateInteraction(encoder))
        scores = [
            self._scores(index, weight, corpus, queries, cells, ctx)
            for index, weight in zip(indexes, self.weights, strict=True)
        ]
        weights = self._weights(scores, mask, _sources(candidates, cells), ctx)
        total = np.asarray(sum(w * s for w, s in zip(weights, scores, strict=True)))
        values = total if self.units == "cosines" else standard(total, mask)
        return labelled(candidates, cells.of(values), "fusion")

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
        mask = cells.documents >= 0
        if self.units == "deviations":
            return standard(hits.scores, mask)
        return np.where(mask, hits.scores, np.float32(0))

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
