"""udr: examples in the order in which they help a language model."""

from __future__ import annotations

from acclimate.models.readers import NGramReader
from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, labellers, loops, losses
from acclimate.parts.part import Miner, Part
from acclimate.recipes._examples import examples
from acclimate.recipes._given import taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes._rounds import refreshed
from acclimate.recipes.recipe import Recipe

_ORDER, _BEST = 4.0, 1.0
"""Weights of the whole order and of the best one; as in the authors' first round."""

_WIDTH = 8
"""Examples of a query in an update."""


def udr(
    *,
    reader: Ref[Scorer] | NGramReader = NGramReader(),  # noqa: B008 (a value)
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 50,
    steps: int = 100,
    batch: int = 32,
    rounds: int = 3,
) -> Recipe:
    """The order in which a reader is helped by examples becomes the order in which they are found.

    Documents are examples: their title is an input, their text the output. Words bring examples in
    the first round, the student in the others. A frozen reader says how likely each makes the
    output, and the student learns the whole order, most of all its top, and to find the best one
    among those of the other queries.

    Rows: [012].

    Paper:   Li, Lv, Yan, Lin, Zhu, Ni, Xie, Wang, Qiu, Unified Demonstration Retriever for
             In-Context Learning, ACL 2023. https://arxiv.org/abs/2305.04320
    Code:    KaiLv69/UDR.
    Differs: one task, so that no instruction tells tasks apart; the loss is that of the paper,
             where the released code weighs pairs by the student's ranks.
    Cost:    per round `depth` readings per query, and `steps` · `batch` queries with 8 examples of
             training.

    Args:
        reader: says how likely an output is. A counting one by default; readers.LanguageModel.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: inputs to ask with.
        held_out: of them, kept for the gate.
        depth: examples that are read. Paper: 50.
        steps: optimiser updates of a round.
        batch: queries per update. Paper: 128.
        rounds: how often examples are found. Paper: 3.
    """
    both = losses.WeightedSum(
        terms=(
            losses.LambdaMRR(temperature=TEMPERATURE),
            losses.ListSoftmaxCE(temperature=TEMPERATURE, in_batch=True),
        ),
        weights=(_ORDER, _BEST),
        own=_WIDTH,
    )

    def round_with(miner: Miner) -> tuple[Part, ...]:
        return (
            miner,
            filters.WithoutSource(),
            labellers.ReaderLikelihood(reader=reader, target="output"),
            loops.Fit(
                loss=both,
                steps=steps,
                batch=batch,
                learning_rate=1.3e-4,
                warmup=max(1, steps // 10),
                candidates=_WIDTH,
            ),
        )

    return Recipe(
        "udr",
        (*examples(queries, held_out), refreshed(round_with, depth, rounds)),
        judge=taught(judge),
    )
