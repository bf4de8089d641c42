"""MarginalAnswer: a wording of a query is worth what the documents it finds let a reader say.

Shapes: N drafts, K documents that each finds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from acclimate.errors import RecipeError
from acclimate.models.indexes.flat import Flat
from acclimate.models.ref import Floats, Hits, Integers
from acclimate.models.student import Student
from acclimate.parts._sources import sources
from acclimate.parts.part import Context, Labeller, apply
from acclimate.tables import Candidates, Corpus, Drafts, Labels, Queries

Mask = np.ndarray[Any, np.dtype[np.bool_]]
Values = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, kw_only=True)
class MarginalAnswer:
    """Values drafts that are searches by the answer's likelihood, over what each of them finds.

    R = Σ_k p_k · P(answer | query, document k), where p = softmax(scores / temperature) over the
    `depth` documents that the student finds for the wording; the value is ln R. Nobody judges a
    document, and nobody says which wording is best: one that finds what answers is worth more. The
    document that the query was cut out of is not read, nor are pieces of the same one: the answer
    stands there.

    Rows: [040].

    Paper:   AdaQR: Adaptive Query Rewriting, EMNLP 2024. https://arxiv.org/abs/2406.10991
    Code:    none followed; the authors' README for what is compared.
    Differs: the softmax over retrieval scores is from memory of the paper.
    Cost:    one search per draft, and one label per distinct pair of a query and a document found.

    Args:
        labeller: says the logarithm of the answer's likelihood with a document:
            labellers.ReaderLikelihood(target="reply"), in sums over tokens.
        depth: documents that a wording finds.
        temperature: divides the student's scores. For cosines about 0.05.

    Returns:
        The drafts with their values, in nats; without those of queries that have no answer, and
        those that find nothing.
    """

    labeller: Labeller
    depth: int = 5
    temperature: float = 0.05

    def __post_init__(self) -> None:
        """Refuse to look at nothing, and a temperature that no softmax has."""
        if self.depth < 1 or self.temperature <= 0:
            raise RecipeError(
                f"MarginalAnswer(depth={self.depth}, temperature={self.temperature}): give values "
                "above 0."
            )

    def __call__(
        self, corpus: Corpus, queries: Queries, drafts: Drafts, student: Student, ctx: Context
    ) -> Drafts:
        """Search with each, and value it."""
        if not len(drafts) or len(corpus) < 2:
            ctx.note("rewards", {"drafts": len(drafts), "without an answer": len(drafts)})
            return drafts.head(0)
        asked = np.array([queries.position[name] for name in drafts["query_id"]], dtype=np.int64)
        whole = _whole(corpus)
        own = np.append(whole, -1)[sources(corpus, queries)[asked]]  # -1: it has no source
        pieces = int(np.bincount(whole).max())
        hits = ctx.engine.search(
            Flat(student.encoder),
            corpus.contents,
            drafts["text"],
            depth=min(self.depth + pieces, len(corpus)),
        )
        there = (hits.positions >= 0) & (whole[hits.positions] != own[:, None])
        found, scores = _first(there, hits, self.depth)
        candidates = _candidates(corpus, queries, asked, found)
        labels: Labels = apply(self.labeller, (corpus, queries, candidates, student), ctx)
        told = _told(labels, corpus, queries, asked, found)
        values = marginal(np.where(np.isnan(told), -np.inf, scores), told, self.temperature)
        known = np.isfinite(values)
        ctx.note("rewards", {"drafts": len(drafts), "without an answer": int((~known).sum())})
        place = drafts.rows.schema.get_field_index("value")
        worth = pa.array(values.astype(np.float32))
        return Drafts(drafts.rows.set_column(place, "value", worth)).keep(known)


def marginal(scores: Floats | Values, told: Values, temperature: float) -> Values:
    """The logarithm of Σ_k softmax(scores / temperature)_k · e^{told_k}, (N,); −inf for nothing.

    Args:
        scores: of the documents that each draft finds, (N, K); −inf for none.
        told: logarithms of the answer's likelihood with each, (N, K).
        temperature: divides the scores.
    """
    logits = scores / temperature
    whole = np.logaddexp.reduce(logits, axis=1, keepdims=True)
    logits = logits - np.where(np.isfinite(whole), whole, 0.0)
    joint = np.where(np.isfinite(logits), logits + told, -np.inf)
    return np.asarray(np.logaddexp.reduce(joint, axis=1))


def _whole(corpus: Corpus) -> Integers:
    """A number for each document, the same for all pieces of one, (D,)."""
    parents = zip(corpus["parent_id"], corpus["doc_id"], strict=True)
    names = [parent or document for parent, document in parents]
    numbers: Integers = np.unique(names, return_inverse=True)[1].reshape(-1)
    return numbers


def _first(there: Mask, hits: Hits, depth: int) -> tuple[Integers, Floats]:
    """What was found and counts, best first, (N, depth) or less; −1 and −inf where nothing."""
    order = np.argsort(~there, axis=1, kind="stable")[:, :depth]
    kept = np.take_along_axis(there, order, axis=1)
    found = np.where(kept, np.take_along_axis(hits.positions, order, axis=1), -1)
    return found, np.where(kept, np.take_along_axis(hits.scores, order, axis=1), -np.inf)


def _candidates(corpus: Corpus, queries: Queries, asked: Integers, found: Integers) -> Candidates:
    """Each distinct pair of a query and a document that one of its drafts finds."""
    cells = np.unique((asked[:, None] * len(corpus) + found)[found >= 0])
    query, document = np.divmod(cells, len(corpus))
    _, first, of_query = np.unique(query, return_index=True, return_inverse=True)
    names, ids = corpus["doc_id"], queries["query_id"]
    return Candidates.columns(
        query_id=[ids[row] for row in query],
        doc_id=[names[row] for row in document],
        rank=np.arange(len(query)) - first[of_query] + 1,
        score=np.zeros(len(query), dtype=np.float32),
        is_source=np.zeros(len(query), dtype=bool),
        miner=["rewrites"] * len(query),
    )


def _told(
    labels: Labels, corpus: Corpus, queries: Queries, asked: Integers, found: Integers
) -> Values:
    """The label of each document that a draft finds, (N, K); nan where there is none."""
    values = {
        (queries.position[query], corpus.position[document]): value
        for query, document, value in zip(
            labels["query_id"], labels["doc_id"], labels["value"], strict=True
        )
    }
    rows = zip(asked.tolist(), found.tolist(), strict=True)
    told = [[values.get((query, row), np.nan) for row in of] for query, of in rows]
    return np.array(told, dtype=np.float64).reshape(found.shape)
