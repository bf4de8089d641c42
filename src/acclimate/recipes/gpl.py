"""GPL: synthetic queries, mined negatives, a cross-encoder's margins."""

from __future__ import annotations

from dataclasses import replace

from acclimate.models.encoders.dense import Dense
from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.models.scorers.cross_encoder import CrossEncoder
from acclimate.models.writers.seq2seq import Seq2Seq
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.parts.part import Miner
from acclimate.recipes._given import BUNDLED_TEACHER, BUNDLED_WRITER
from acclimate.recipes.recipe import Recipe, Rule, Seen

WRITER = Seq2Seq("BeIR/query-gen-msmarco-t5-base-v1")
TEACHER = CrossEncoder("cross-encoder/ms-marco-MiniLM-L-6-v2")
RETRIEVERS = (
    Dense("sentence-transformers/msmarco-distilbert-base-v3"),
    Dense("sentence-transformers/msmarco-MiniLM-L-6-v3"),
)
"""The writer, the teacher and the two miners of the paper, all from a hub."""

OFFLINE = Rule(
    name="offline",
    looks_at="the writer and the teacher of acclimate-offline are installed, and no model is named",
    picks="both of them, and BM25 and the student as miners, for the paper's models from a hub",
    why="Nothing is to be downloaded that was not asked for. Name the paper's models to have them: "
    f"--with writer={WRITER.model} --with teacher={TEACHER.model}.",
)


def gpl(
    *,
    seen: Seen = Seen(),  # noqa: B008 (a value)
    writer: Ref[Writer] | None = None,
    teacher: Ref[Scorer] | None = None,
    retrievers: tuple[Dense, ...] | None = None,
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
        seen: what the run saw; it fills this in by itself.
        writer: writes the queries. None: with none of the three named and both models of
            acclimate-offline installed, its writer; else the paper's, from a hub.
        teacher: scores (query, document) pairs. None: likewise.
        retrievers: each mines `depth` candidates per query. None: BM25 and the student beside the
            models of acclimate-offline; else the paper's two.
        queries: how many to write about; 3 per document, or more where the corpus is small.
        depth: candidates of each retriever. Paper: 50.
        steps: optimiser updates. Paper: 140,000.
        batch: queries per update. Paper: 32.
        held_out: queries kept for the gate.
    """
    unnamed = writer is None and teacher is None and retrievers is None
    offline = unnamed and {"writer", "teacher"} <= set(seen.bundled)
    writer = writer or (BUNDLED_WRITER if offline else WRITER)
    teacher = teacher or (BUNDLED_TEACHER if offline else TEACHER)
    found: tuple[Miner, ...] = (miners.BM25(depth=depth), miners.WithStudent(depth=depth))
    if not offline:
        found = tuple(miners.DenseSearch(encoder=r, depth=depth) for r in retrievers or RETRIEVERS)
    draws = max(1, round(steps * batch / queries))
    return Recipe(
        "gpl",
        (
            generators.DocToQuery(writer=writer, per_document=3, at_least=queries),
            filters.HoldOut(queries=held_out),
            miners.Union(found),
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
        rules=(replace(OFFLINE, fired=offline, found=(("bundled", ", ".join(seen.bundled)),)),),
    )
