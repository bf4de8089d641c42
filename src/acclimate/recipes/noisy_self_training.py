"""noisy_self_training: a retriever teaches a fresh copy of itself, which reads through noise."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, labellers, loops, losses, miners
from acclimate.recipes._given import asked, read, taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe


def noisy_self_training(
    *,
    writer: Ref[Writer] | None = None,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 30,
    steps: int = 100,
    batch: int = 32,
    rounds: int = 2,
) -> Recipe:
    """A first retriever is trained on queries and sources, then teaches copies that start anew.

    No other teacher is asked. In each round the retriever as it is rates documents for the
    queries; the base model is trained to rate them alike, and to find the source, while words of
    the queries are left out, masked or moved. Then it is the next teacher.

    Rows: [068].

    Paper:   Jiang, Drummond, Cohn, Noisy Self-Training with Synthetic Queries for Dense
             Retrieval, Findings of EMNLP 2023. https://arxiv.org/abs/2311.15563
    Code:    none followed; the formulas of the authors' release.
    Differs: noise is in words of queries, not in tokens of queries and documents; documents are
             those the first retriever finds, in all rounds; no judged queries refine the end, and
             no cleaned subset begins it.
    Cost:    (1 + `rounds`) · `steps` · `batch` queries of training, and two encodings of the
             documents; no teacher call but the gate's.

    Args:
        writer: writes the queries. None: pieces of documents.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate.
        depth: documents of a query beside its source.
        steps: optimiser updates of the first training and of each round.
        batch: queries per update.
        rounds: how often the student becomes the teacher.
    """
    width = 8

    def fit(loss: losses.InfoNCE | losses.WeightedSum, candidates: int) -> loops.Fit:
        return loops.Fit(
            loss=loss,
            steps=steps,
            batch=batch,
            learning_rate=2e-5,
            warmup=max(1, steps // 10),
            candidates=candidates,
        )

    first = (
        miners.RandomDocuments(count=1),
        labellers.SourceIsRelevant(),
        read(fit(losses.InfoNCE(temperature=TEMPERATURE, in_batch=True), candidates=1), writer),
    )
    both = losses.WeightedSum(
        terms=(
            losses.ListSoftmaxCE(temperature=TEMPERATURE, in_batch=True),
            losses.KLDivergence(teacher_temperature=TEMPERATURE, student_temperature=TEMPERATURE),
        ),
        weights=(1.0, 0.1),
        own=width,
    )
    return Recipe(
        "noisy_self_training",
        (
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            loops.Staged(stages=(first,)),
            miners.WithStudent(depth=depth),
            loops.SelfTraining(loop=fit(both, candidates=width), rounds=rounds, share=0.1),
        ),
        judge=taught(judge),
    )
