"""CoRR: the retriever draws, the ranker learns from the draw, and teaches the retriever."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.models.scorers import CrossEncoder
from acclimate.parts import filters, labellers, loops, losses, miners, students
from acclimate.parts.part import Loss
from acclimate.recipes._given import asked, rated, read, taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe

DEPTH = 200
"""Documents that the retriever's distribution is taken over."""


def corr(
    *,
    ranker: CrossEncoder | None = None,
    writer: Ref[Writer] | None = None,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    count: int = 20,
    steps: int = 200,
    rounds: int = 2,
) -> Recipe:
    """A few documents that the retriever drew stand for all, for both of them.

    Documents are drawn with the retriever's own probabilities, and what it draws often counts
    less: so the few drawn have the gradient of the softmax over all. The ranker learns to pick
    the source among them, the retriever the same and the ranker's distribution over those drawn.
    Each round draws with the retriever as it is.

    Rows: [027].

    Paper:   Huang, Lian, Chen, Liu, Xie, Chen, Cooperative Retriever and Ranker in Deep
             Recommenders, WWW 2023. https://arxiv.org/abs/2206.14649
    Code:    AngusHuang17/CoRR_www.
    Differs: queries are users and documents items, and a query's source stands for what was
             bought; drawn anew each round and from the 200 documents nearest, not at each update
             and from all; the ranker reads pairs, the paper's their features.
    Cost:    `rounds` encodings of the documents; `rounds` · `steps` · 8 queries with `count` + 1
             documents, trained by both, and read by the ranker once more.

    Args:
        ranker: what the ranker starts from. None: the base model, made to read pairs.
        writer: writes the queries. None: pieces of documents, which are then read without these.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate.
        count: documents drawn for each query. Code: 20 to 100.
        steps: optimiser updates of a round.
        rounds: how often documents are drawn.
    """
    retriever = losses.WeightedSum(
        terms=(
            losses.SampledSoftmax(temperature=TEMPERATURE),
            losses.SampledKL(student_temperature=TEMPERATURE, source=False),
        ),
        weights=(1.0, 1.0),
    )
    turn = (
        miners.RetrieverDistribution(
            miner=rated(miners.WithStudent(depth=DEPTH), writer),
            count=count,
            temperature=TEMPERATURE,
        ),
        labellers.SourceIsRelevant(),
        read(
            loops.Cooperative(
                loop=_fit(retriever, steps, count),
                ranker=_fit(losses.SampledSoftmax(), steps, count),
                shape=students.Reranker(training_tokens=256),
                base=ranker,
            ),
            writer,
        ),
    )
    return Recipe(
        "corr",
        (
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            loops.Rounds(steps=turn, rounds=rounds),
        ),
        judge=taught(judge),
    )


def _fit(loss: Loss, steps: int, count: int) -> loops.Fit:
    """Updates of 8 queries, each with its source and all that was drawn for it."""
    return loops.Fit(
        loss=loss,
        steps=steps,
        batch=8,
        learning_rate=2e-5,
        warmup=max(1, steps // 10),
        candidates=1 + count,
    )
