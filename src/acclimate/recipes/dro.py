"""dro: orders of documents with which a reader answers become likelier."""

from __future__ import annotations

from acclimate.models.readers import NGramReader
from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators, labellers, loops, losses, miners, students
from acclimate.recipes._given import taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.realm_pairs import SUM
from acclimate.recipes.recipe import Recipe

DEPTH = 20
"""Documents of a query that are picked from, as in the paper."""


def dro(
    *,
    reader: Ref[Scorer] | NGramReader = SUM,
    judge: Ref[Scorer] | None = None,
    queries: int = 1_000,
    held_out: int = 100,
    picks: int = 5,
    samples: int = 8,
    steps: int = 100,
    rounds: int = 5,
) -> Recipe:
    """Expectation: draw orders, and weigh each by the answer. Maximisation: raise their likelihood.

    A masked sentence asks. In each round the student draws orders of `picks` documents from its
    list, one document after another, and a reader says how likely each makes what is hidden. The
    weight of an order is its share of these likelihoods, and the student raises the weighted
    log-probability of the orders drawn. The sentence's own document is never picked.

    Rows: [058].

    Paper:   Shi, Yan, Sun et al., Direct Retrieval-augmented Optimization, 2025, section 3.
             https://arxiv.org/abs/2505.03075
    Code:    none followed; the formulas of the paper's text.
    Differs: the selector is a retriever with a small state (`students.Sequential`), the paper's a
             language model of 8B that is warmed up on lists of another; the reader does not learn;
             masked words are the answers; a fixed number of rounds.
    Cost:    `rounds` · `samples` · `picks` · 20 readings per query at most; training is two
             small maps, in seconds.

    Args:
        reader: says how likely an answer is, in sums over its tokens. A counting one by default;
            readers.LanguageModel(…, per_token=False).
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: sentences to mask.
        held_out: of them, kept for the gate.
        picks: documents of an order. Paper: 5.
        samples: orders drawn for a query. Paper: 8.
        steps: optimiser updates of a round.
        rounds: expectations and maximisations. Paper: 5.
    """
    one_round = (
        miners.WithStudent(depth=DEPTH),
        filters.WithoutSource(),
        loops.StepByStep(
            loop=loops.Fit(
                loss=losses.WeightedNLL(),
                steps=steps,
                batch=32,
                learning_rate=1e-3,
                warmup=max(1, steps // 10),
                candidates=DEPTH,
            ),
            labeller=labellers.ReaderLikelihood(reader=reader, target="answer"),
            learns="rollouts",
            picks=picks,
            rollouts=samples,
            temperature=TEMPERATURE,
        ),
    )
    return Recipe(
        "dro",
        (
            students.Sequential(),
            generators.SalientSpanMasks(queries=queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            loops.Rounds(steps=one_round, rounds=rounds),
        ),
        judge=taught(judge),
    )
