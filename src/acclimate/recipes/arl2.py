"""arl2: a language model grades evidence for some queries, and the student goes on by itself."""

from __future__ import annotations

from acclimate.models.ref import Ref, Writer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.recipes._given import LOCAL, taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe


def arl2(
    *,
    writer: Ref[Writer] = LOCAL,
    grader: Ref[Writer] | None = None,
    judge: Ref[Writer] | None = None,
    documents: int = 2_000,
    graded: int = 600,
    held_out: int = 200,
    depth: int = 8,
    steps: int = 200,
) -> Recipe:
    """Grades of a language model for a third of the queries, and the student's own for the rest.

    A language model writes queries from documents. For some of them, spread over the subjects of
    the collection, it copies evidence from what the student finds, and grades that. The student
    learns the grades as a list and pair by pair. Then it labels the queries nobody graded, where
    it is sure, and learns anew from both.

    Rows: [079].

    Paper:   ARL2: Aligning Retrievers for Black-box Large Language Models via Self-guided Adaptive
             Relevance Labeling, ACL 2024. https://arxiv.org/abs/2402.13542
    Code:    none published.
    Differs: prompts, scale, thresholds and the weight of the pairs are our choice: the paper's text
             was not at hand.
    Cost:    one generation per document, `graded` · 2 · `depth` judgements at most, two trainings.

    Args:
        writer: writes the queries.
        grader: copies evidence and grades it. None: the writer.
        judge: grades held-out pairs for the gate; neither the writer nor the grader. None: words
            and vectors of the base model.
        documents: how many are asked for a query.
        graded: queries that the grader sees.
        held_out: queries kept for the gate.
        depth: documents each search brings to a list.
        steps: optimiser updates of each training.
    """
    terms = (
        losses.KLDivergence(teacher_temperature=1.0, student_temperature=TEMPERATURE),
        losses.PairwiseLogistic(temperature=TEMPERATURE),
    )
    evidence = labellers.Evidence(writer=grader or writer)
    return Recipe(
        "arl2",
        (
            generators.FewShot(writer=writer, documents=documents),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            filters.Topics(),
            miners.Union((miners.BM25(depth=depth), miners.WithStudent(depth=depth))),
            labellers.Budgeted(labeller=evidence, queries=graded),
            loops.AdaptiveSelfTraining(
                loop=loops.Fit(
                    loss=losses.WeightedSum(terms=terms, weights=(1.0, 0.5)),
                    steps=steps,
                    batch=16,
                    learning_rate=2e-5,
                    warmup=max(1, steps // 10),
                    candidates=2 * depth,
                )
            ),
        ),
        judge=taught(None) if judge is None else labellers.Graded(writer=judge),
    )
