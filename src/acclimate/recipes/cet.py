"""CET: a reranker and a model of what gets judged, each corrected by the other."""

from __future__ import annotations

from dataclasses import replace

from acclimate.models.encoders.dense import Dense
from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, labellers, loops, losses, miners, students
from acclimate.recipes._given import asked, read, taught
from acclimate.recipes.recipe import Recipe

WIDTH = 16
"""Documents a query is read with in an update, its source among them."""

SELECTION = Dense()
"""What the model of selection starts from."""

LOGIT = 10.0
"""What a cosine of the selection model is multiplied with, to be taken for a logit."""


def cet(
    *,
    selection: Dense = SELECTION,
    writer: Ref[Writer] | None = None,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 200,
    depth: int = 50,
    steps: int = 300,
    batch: int = 8,
) -> Recipe:
    """A reranker learns to put the source first, and doubts what it was never told about.

    Only the source of a query counts as judged, though other documents that searches find are
    relevant too. A second model learns which documents come to be judged at all; what the
    reranker finds relevant and the second model finds unlikely to be judged stands against the
    source only as far as it is irrelevant after all. Give a cross-encoder, or an encoder that is
    made one, as the student.

    Rows: [034].

    Paper:   Cai, Guo, Fan, Ai, Zhang, Cheng, Hard Negatives or False Negatives: Correcting Pooling
             Bias in Training Neural Ranking Models, CIKM 2022. https://arxiv.org/abs/2209.05072
    Code:    none published.
    Differs: the formulas are our reading (`losses.PropensityWeighted`); queries are written or cut
             from documents, and their sources stand for the judged pool; pools come from searches,
             so the selection model is an encoder of vectors and no ranker.
    Cost:    one search per query and retriever; `steps` · `batch` queries of training, each with
             16 documents, by both models; each reads them once more without a gradient.

    Args:
        selection: what the model of selection starts from; it also brings documents, beside BM25.
        writer: writes the queries. None: pieces of documents, which are then read without these.
        judge: scores held-out pairs for the gate; a stronger model than the student. None: words
            and vectors of `selection`.
        queries: how many to write.
        held_out: of them, kept for the gate.
        depth: documents each search brings to a query.
        steps: optimiser updates.
        batch: queries per update.
    """
    loss = losses.PropensityWeighted(temperature=1.0, others="by posterior")
    loop = loops.Fit(
        loss=loss,
        steps=steps,
        batch=batch,
        learning_rate=2e-5,
        warmup=max(1, steps // 10),
        candidates=WIDTH,
    )
    found = (miners.BM25(depth=depth), miners.DenseSearch(encoder=selection, depth=depth))
    return Recipe(
        "cet",
        (
            students.Reranker(training_tokens=256),
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            miners.Mixture(found, count=2 * WIDTH),
            labellers.SourceIsRelevant(),
            read(
                loops.CoupledEstimation(
                    loop=loop, selection=replace(loop, scale=LOGIT), base=selection
                ),
                writer,
            ),
        ),
        judge=taught(judge, encoder=selection),
    )
