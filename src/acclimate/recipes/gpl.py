"""GPL: synthetic queries, mined negatives, a cross-encoder's margins."""

from __future__ import annotations

from acclimate.models.encoders.dense import Dense
from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.models.scorers.cross_encoder import CrossEncoder
from acclimate.models.writers.seq2seq import Seq2Seq
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.recipes.recipe import Recipe

RETRIEVERS = (
    Dense("sentence-transformers/msmarco-distilbert-base-v3"),
    Dense("sentence-transformers/msmarco-MiniLM-L-6-v3"),
)
"""The two miners of the paper."""


def gpl(
    *,
    writer: Ref[Writer] = Seq2Seq("BeIR/query-gen-msmarco-t5-base-v1"),  # noqa: B008
    teacher: Ref[Scorer] = CrossEncoder("cross-encoder/ms-marco-MiniLM-L-6-v2"),  # noqa: B008
    retrievers: tuple[Dense, ...] = RETRIEVERS,
    queries: int = 250_000,
    depth: int = 50,
    steps: int = 140_000,
    batch: int = 32,
    held_out: int = 1_000,
) -> Recipe:
    """Generative Pseudo Labelling: synthetic queries, mined negatives, a cross-encoder's margins.

    Rows: [P1].

    Haystack v1's four steps are steps 1 (question generation), 3 (negative mining), 5 (margin
    scores) and 6 (`EmbeddingRetriever.train` with MarginMSE).

    Paper:   Wang, Thakur, Reimers, Gurevych, GPL: Generative Pseudo Labeling for Unsupervised
             Domain Adaptation of Dense Retrieval, NAACL 2022. https://arxiv.org/abs/2112.07577
    Code:    UKPLab/gpl, defaults of gpl/train.py.
    Differs: negatives are drawn before labelling, as many per query as the paper's draws
             (steps × batch ÷ queries = 18), so that each pair is scored once and not 2.1 times;
             the margins are scaled to what the student can reach; `held_out` queries train
             nothing: the gate needs them.
    Cost:    one generation per query; queries × (draws + 1) teacher scores; steps × batch
             queries of training.

    Args:
        writer: writes the queries.
        teacher: scores (query, document) pairs.
        retrievers: each mines `depth` candidates per query.
        queries: how many to write about; 3 per document, or more where the corpus is small.
        depth: candidates of each retriever. Paper: 50.
        steps: optimiser updates. Paper: 140,000.
        batch: queries per update. Paper: 32.
        held_out: queries kept for the gate.
    """
    draws = max(1, round(steps * batch / queries))
    return Recipe(
        "gpl",
        (
            generators.DocToQuery(writer=writer, per_document=3, at_least=queries),
            filters.HoldOut(queries=held_out),
            miners.Union(tuple(miners.DenseSearch(encoder=r, depth=depth) for r in retrievers)),
            filters.SameText(),
            filters.Sample(per_query=draws),
            labellers.Score(teacher=teacher),
            loops.Fit(
                loss=losses.MarginMSE(),
                steps=steps,
                batch=batch,
                learning_rate=2e-5,
                warmup=1_000,
                candidates=2,
            ),
        ),
        judge=labellers.Score(teacher=teacher),
    )
