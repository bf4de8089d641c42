"""soup: several trainings of one student, and the mean of those that go well together."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, loops, losses, miners, students
from acclimate.recipes._given import asked, softness, taught, unread
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe


def soup(
    *,
    writer: Ref[Writer] | None = None,
    teacher: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 24,
    steps: int = 160,
    batch: int = 16,
    rates: tuple[float, ...] = (2e-5, 5e-5, 1e-4),
) -> Recipe:
    """The same student is trained at several learning rates, and the weights are averaged.

    Each training is as that of `default`. Trainings that begin at the same weights mostly end in
    one basin, where the mean of weights is as good as asking all models and costs one. Greedy: a
    training is taken into the mean where the mean then agrees no less with the teacher on held-out
    queries, of which each has the documents it brought itself.

    Paper:   Wortsman, Ilharco, Gadre et al., Model Soups: Averaging Weights of Multiple Fine-tuned
             Models Improves Accuracy without Increasing Inference Time, ICML 2022.
             https://arxiv.org/abs/2203.05482
    Code:    mlfoundations/model-soups.
    Differs: held-out accuracy is agreement with the teacher; trainings differ in their learning
             rate and in the order they meet the queries in. The gate asks the same held-out
             queries, so that it is somewhat kind to a greedy mean.
    Cost:    one teacher call per query and document of its topic; for each rate a training like
             that of `default`.

    Args:
        writer: writes the queries. None: pieces of documents.
        teacher: rates the documents. None: words and vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate and for the choice.
        depth: candidates of each of two searches, of which a query brings the best.
        steps: optimiser updates of a training.
        batch: queries of a topic, and of an update.
        rates: the learning rate of each training, at its highest.
    """
    labeller = taught(teacher)
    found = miners.Union((miners.BM25(depth=depth), miners.WithStudent(depth=depth)))
    loss = losses.KLDivergence(
        teacher_temperature=softness(teacher), student_temperature=TEMPERATURE
    )
    return Recipe(
        "soup",
        (
            students.Dense(frozen=1 / 3, training_tokens=96),
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            filters.Topics(size=batch),
            miners.Topical(miner=found),
            *unread(writer),
            labeller,
            loops.MergeWeights(
                loops=tuple(
                    loops.Fit(
                        loss=loss,
                        steps=steps,
                        batch=batch,
                        learning_rate=rate,
                        warmup=max(1, steps // 10),
                        candidates=4 * batch,
                    )
                    for rate in rates
                ),
                how="greedy",
            ),
        ),
        judge=labeller,
    )
