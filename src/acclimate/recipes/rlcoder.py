"""rlcoder: what helps a language model to go on with code, or with any long text."""

from __future__ import annotations

from acclimate.models.readers import NGramReader
from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.recipes._given import taught
from acclimate.recipes.recipe import Recipe

_BEST, _OTHERS = 1, 9
"""Of a list of ten the one that helps most is right."""

_SCALE = 20
"""Of cosines, in the softmax over the list."""


def rlcoder(
    *,
    reader: Ref[Scorer] | NGramReader = NGramReader(),  # noqa: B008 (a value)
    judge: Ref[Scorer] | None = None,
    queries: int = 2_000,
    held_out: int = 200,
    depth: int = 6,
    steps: int = 100,
    batch: int = 16,
    rounds: int = 2,
) -> Recipe:
    """The end of a piece asks for the piece that makes a reader write the next one.

    In each round words and the student as it is find pieces for what stands before a cut; a frozen
    reader says with which of them it would most likely go on as the author did. That one is
    right, the others are wrong. The documents must be in pieces, as long ones are that a run
    splits.

    Rows: [090].

    Paper:   RLCoder: Reinforcement Learning for Repository-Level Code Completion, 2024.
             https://arxiv.org/abs/2407.19487
    Code:    DeepSoftwareAnalytics/RLCoder.
    Differs: the same examples in every round, and pieces as long as the student reads; no candidate
             that says to stop; every token weighs the same; the pieces of all documents compete,
             those of the query's own among them but for the one that it ends, which repeats it. As
             in the authors' code it is imitation of the best, not a policy gradient.
    Cost:    per round an encoding of the documents, one reading per query and candidate, and
             `steps` · `batch` queries with 10 pieces of training.

    Args:
        reader: says how likely a text is. A counting one by default; readers.LanguageModel, of code
            where that is what is searched.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many pieces ask. Paper: 2,000 per epoch.
        held_out: of them, kept for the gate.
        depth: pieces each of two searches finds; those read are up to twice as many.
        steps: optimiser updates of a round.
        batch: queries per update. Paper: 16.
        rounds: how often the student searches anew. Paper: 20.
    """
    one_round = (
        miners.Union((miners.BM25(depth=depth), miners.WithStudent(depth=depth))),
        filters.SubstringOverlap(),
        labellers.ReaderLikelihood(reader=reader, target="source"),
        labellers.TopBottom(top=_BEST, bottom=_OTHERS),
        loops.Fit(
            loss=losses.InfoNCE(temperature=1 / _SCALE),
            steps=steps,
            batch=batch,
            learning_rate=5e-5,
            warmup=max(1, steps // 5),
            candidates=_BEST + _OTHERS,
        ),
    )
    return Recipe(
        "rlcoder",
        (
            generators.NextChunk(queries=queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            loops.Rounds(steps=one_round, rounds=rounds),
        ),
        judge=taught(judge),
    )
