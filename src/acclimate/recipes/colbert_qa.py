"""colbert_qa: late interaction, taught by answers in what it ranks high itself."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators, labellers, loops, losses, miners, students
from acclimate.recipes._given import taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe

BELIEVED = 50
"""First documents of which up to five that hold the answer are right; one of all, if none is."""


def colbert_qa(
    *,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 100,
    steps: int = 150,
    batch: int = 16,
    rounds: int = 3,
    dimensions: int = 128,
) -> Recipe:
    """Relevance-guided supervision: where the answer stands and the student agrees, it is right.

    A query is a sentence with a name, a date or a number masked, which is its answer. Of the other
    documents that hold the answer, those are taken for relevant that the student ranks high;
    documents without it are not. Each round searches with the student of the round before, so that
    what it takes for relevant becomes better.

    Rows: [109].

    Paper:   ColBERT-QA: Relevance-guided Supervision for OpenQA with ColBERT, 2020.
             https://arxiv.org/abs/2007.00814
    Code:    stanford-futuredata/ColBERT, utility/supervision.
    Differs: masked sentences stand for questions with answers, and the base model for one trained
             on judgements; documents are looked for to a lesser depth, and all that are relevant to
             a query are learned together.
    Cost:    `rounds` searches, from the second on over token vectors, of which an index is built
             each time; `rounds` · `steps` · `batch` queries with 8 documents of
             training; no teacher call but the gate's.

    Args:
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate.
        depth: documents the student finds for a query. Paper: 1,000.
        steps: optimiser updates of a round.
        batch: queries per update.
        rounds: searching with the student as it then is. Paper: 3.
        dimensions: of a token's vector. Paper: 128.
    """
    one_round = (
        miners.WithStudent(depth=depth),
        filters.WithoutSource(),
        labellers.AnswerMatch(),
        labellers.BestInTop(rules=((5, min(BELIEVED, depth)), (1, depth))),
        loops.Fit(
            loss=losses.InfoNCE(temperature=TEMPERATURE, several="each"),
            steps=steps,
            batch=batch,
            learning_rate=2e-5,
            warmup=max(1, steps // 10),
            candidates=8,
        ),
    )
    return Recipe(
        "colbert_qa",
        (
            students.LateInteraction(dimensions=dimensions),
            generators.SalientSpanMasks(queries=queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            loops.Rounds(steps=one_round, rounds=rounds),
        ),
        judge=taught(judge),
    )
