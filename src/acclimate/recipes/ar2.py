"""AR2: a retriever and a ranker, each trained on what the other finds hard."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.models.scorers import CrossEncoder
from acclimate.parts import filters, labellers, loops, losses, miners, students
from acclimate.parts.part import Loss
from acclimate.recipes._given import asked, read, taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe

WIDTH = 16
"""Documents of a query in an update: its source and 15 others."""

DEPTH = 100
"""Documents that the retriever finds, of which 15 are drawn."""


def ar2(
    *,
    ranker: CrossEncoder | None = None,
    writer: Ref[Writer] | None = None,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    steps: int = 1_500,
    ranker_steps: int = 500,
    rounds: int = 3,
) -> Recipe:
    """The ranker learns on what the retriever finds, the retriever against the ranker, in turns.

    Before the first turn both are warmed up on what words find: the ranker is to put the source
    first, the retriever learns the ranker's distribution. Then, each round, the retriever finds
    documents, the ranker learns to tell the source from them, and the retriever moves towards
    what the ranker still takes for the source, and towards its distribution.

    Rows: [018].

    Paper:   Zhang, Gong, Shen, Lv, Duan, Chen, Adversarial Retriever-Ranker for Dense Text
             Retrieval, ICLR 2022. https://arxiv.org/abs/2110.03611
    Code:    microsoft/AR2.
    Differs: queries are written or cut from documents, and their sources stand for judgements; the
             warm-up is one distillation, where the paper pre-trains the retriever (ICT) and has a
             ranker of a language model of its own; updates are 8 queries.
    Cost:    `rounds` encodings of the documents; each round `ranker_steps` · 8 queries read with
             16 documents each, one call of the ranker per query and document, and `steps` · 8
             queries with 16 documents of training; before them about as much as one round.

    Args:
        ranker: what the ranker starts from. None: the base model, made to read pairs.
        writer: writes the queries. None: pieces of documents, which are then read without these.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate.
        steps: the retriever's updates of a round. Paper: 1,500.
        ranker_steps: the ranker's. Paper: 500.
        rounds: how often documents are found anew.
    """
    warm = (
        miners.BM25(depth=WIDTH - 1),
        labellers.SourceIsRelevant(),
        read(
            loops.TeacherThenDistil(
                teaching=_fit(losses.ListSoftmaxCE(), ranker_steps, 2e-5),
                loop=_fit(
                    losses.KLDivergence(teacher_temperature=1.0, student_temperature=TEMPERATURE),
                    ranker_steps,
                    2e-5,
                ),
                shape=students.Reranker(training_tokens=256),
                base=ranker,
            ),
            writer,
        ),
    )
    turn = (
        miners.RankWindow(
            miner=miners.WithStudent(depth=DEPTH), skip=0, width=None, count=WIDTH - 1
        ),
        labellers.SourceIsRelevant(),
        read(
            loops.TeacherThenDistil(
                teaching=_fit(losses.ListSoftmaxCE(), ranker_steps, 1e-6),
                loop=_fit(losses.AdversarialReward(share=0.5), steps, 1e-5),
                shape=students.Reranker(training_tokens=256),
                base=ranker,
                goes_on=True,
            ),
            writer,
        ),
    )
    return Recipe(
        "ar2",
        (
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            loops.Staged(stages=(warm,)),
            loops.Rounds(steps=turn, rounds=rounds),
        ),
        judge=taught(judge),
    )


def _fit(loss: Loss, steps: int, learning_rate: float) -> loops.Fit:
    """Updates of 8 queries, each with its source and 15 others."""
    return loops.Fit(
        loss=loss,
        steps=steps,
        batch=8,
        learning_rate=learning_rate,
        warmup=max(1, steps // 10),
        candidates=WIDTH,
    )
