"""embedding_adapter: a map behind frozen vectors learns; no document is encoded anew."""

from __future__ import annotations

from typing import Literal

from acclimate.parts import filters, labellers, loops, miners, students
from acclimate.parts.part import Part
from acclimate.recipes._pieces import LOSS, pieces
from acclimate.recipes.recipe import Recipe

RATES = {"adapter": 2e-4, "query": 1e-4}
SHAPES: dict[str, Part] = {"adapter": students.Adapter(), "query": students.QuerySide()}


def embedding_adapter(
    *,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 24,
    steps: int = 400,
    batch: int = 64,
    rounds: int = 2,
    learns: Literal["adapter", "query"] = "adapter",
) -> Recipe:
    """As default, but the vectors of documents that are there stay in use.

    Each query has a list of candidates of its own, from words, the student and chance, which is
    cheap where documents are encoded once; a second round mines with the student of the first.

    Paper:   Yoon, Arik, Chen, Pfister, Search-Adaptor: Embedding Customization for Information
             Retrieval, ACL 2024. https://arxiv.org/abs/2310.08750
    Code:    none published.
    Differs: a plain matrix instead of a network; soft labels of the offline teacher instead of
             judgements.
    Cost:    encodes every document once and twice `queries` short texts; training takes seconds
             for an adapter, minutes for a query encoder.

    Args:
        queries: how many to write.
        held_out: of them, kept for the gate.
        depth: candidates of each miner.
        steps: optimiser updates of a round.
        batch: queries per update.
        rounds: mining with the student as it then is.
        learns: "adapter": a linear map behind the encoder, for queries and documents alike;
            "query": the query encoder, while documents keep the base model's vectors.
    """
    teacher = labellers.Fusion()
    one_round = (
        miners.Union((
            miners.BM25(depth=depth),
            miners.WithStudent(depth=depth),
            miners.RandomDocuments(count=depth // 2),
        )),
        filters.WithoutSource(),
        teacher,
        loops.Fit(
            loss=LOSS,
            steps=steps,
            batch=batch,
            learning_rate=RATES[learns],
            warmup=20,
            candidates=2 * depth + depth // 2,
        ),
    )  # fmt: skip
    return Recipe(
        "embedding_adapter",
        (
            SHAPES[learns],
            pieces(queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            loops.Rounds(steps=one_round, rounds=rounds),
        ),
        judge=teacher,
    )
