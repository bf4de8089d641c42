"""soup: several trainings of one student, and the mean of those that go well together."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, loops, losses, miners
from acclimate.recipes._given import asked, softness, taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe


def soup(
    *,
    writer: Ref[Writer] | None = None,
    teacher: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 12,
    steps: int = 100,
    batch: int = 16,
    rates: tuple[float, ...] = (2e-5, 5e-5, 1e-4),
) -> Recipe:
    """The same student is trained at several learning rates, and the weights are averaged.

    Trainings that begin at the same weights mostly end in one basin, where the mean of weights is
    as good as asking all models and costs one. Greedy: a training is taken into the mean where the
    mean then agrees no less with the teacher on held-out queries.

    Paper:   Wortsman, Ilharco, Gadre et al., Model Soups: Averaging Weights of Multiple Fine-tuned
             Models Improves Accuracy without Increasing Inference Time, ICML 2022.
             https://arxiv.org/abs/2203.05482
    Code:    mlfoundations/model-soups.
    Differs: held-out accuracy is agreement with the teacher; trainings differ in their learning
             rate and in the order they meet the queries in. The gate asks the same held-out
             queries, so that it is somewhat kind to a greedy mean.
    Cost:    one teacher call per query and candidate; one training of `steps` · `batch` queries
             with 2 · `depth` documents for each rate.

    Args:
        writer: writes the queries. None: pieces of documents.
        teacher: rates the documents. None: words and vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate and for the choice.
        depth: documents that each of two searches brings for a query.
        steps: optimiser updates of a training.
        batch: queries per update.
        rates: the learning rate of each training, at its highest.
    """
    labeller = taught(teacher)
    loss = losses.KLDivergence(
        teacher_temperature=softness(teacher), student_temperature=TEMPERATURE
    )
    return Recipe(
        "soup",
        (
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            miners.Union((miners.BM25(depth=depth), miners.WithStudent(depth=depth))),
            filters.WithoutSource(),
            labeller,
            loops.MergeWeights(
                loops=tuple(
                    loops.Fit(
                        loss=loss,
                        steps=steps,
                        batch=batch,
                        learning_rate=rate,
                        warmup=max(1, steps // 10),
                        candidates=2 * depth,
                    )
                    for rate in rates
                ),
                how="greedy",
            ),
        ),
        judge=labeller,
    )
